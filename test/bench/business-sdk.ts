import { Content, CustomData, ServerEvent, UserData } from "facebook-nodejs-business-sdk";
import type { MetaEvent } from "~/delivery/payload";
import type { EventReading } from "~/sources/reading";

/** The same customer and purchase as Meta's own library takes them: raw, for it to normalise and hash. */
export function serverEventOf({ person, browser }: EventReading, sent: MetaEvent): ServerEvent {
  const { custom_data: custom, user_data: known } = sent;
  return new ServerEvent()
    .setEventName(sent.event_name)
    .setEventTime(sent.event_time)
    .setEventId(sent.event_id)
    .setActionSource(sent.action_source)
    .setEventSourceUrl(there(sent.event_source_url))
    .setUserData(
      new UserData()
        .setEmail(there(person.email[0]))
        .setPhone(there(person.phone[0]))
        .setFirstName(there(person.firstName[0]))
        .setLastName(there(person.lastName[0]))
        .setCity(there(person.city[0]))
        .setState(there(person.state[0]))
        .setZip(there(person.zip[0]))
        .setCountry(there(person.country[0]))
        .setExternalId(there(person.externalId[0]))
        .setClientIpAddress(there(browser.ip))
        .setClientUserAgent(there(browser.userAgent))
        .setFbc(String(there(known.fbc)))
        .setFbp(there(browser.fbp)),
    )
    .setCustomData(
      new CustomData()
        .setValue(there(custom?.value))
        .setCurrency(there(custom?.currency))
        .setContentIds(there(custom?.content_ids))
        .setContentType(there(custom?.content_type))
        .setContents(
          there(custom?.contents).map(({ id, quantity, item_price }) =>
            new Content().setId(id).setQuantity(quantity).setItemPrice(there(item_price)),
          ),
        )
        .setNumItems(there(custom?.num_items))
        .setOrderId(there(custom?.order_id)),
    );
}

/** A comparison in which one side has less to do is worth nothing. */
function there<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("the bench's order lacks one of the fields to compare");
  return value;
}
