import { z } from "zod";
import { noFacts, unknownBrowser } from "../events/event";
import { registrationId } from "../events/event-id";
import { helpfulText, id, instant } from "./fields";
import { address, personOf, regionOf } from "./person";
import type { EventReading } from "./reading";

/** The fields of customers/create that Tandem reads. */
export const createdCustomer = z.object({
  id,
  created_at: instant,
  email: helpfulText,
  phone: helpfulText,
  first_name: helpfulText,
  last_name: helpfulText,
  default_address: address,
  /** Whether the person has an account: `enabled`, or was only written down (`disabled`, `invited`, `declined`). */
  state: helpfulText,
});

export function registration(body: z.output<typeof createdCustomer>): EventReading {
  return {
    kind: "event",
    person: personOf({
      emails: [],
      phones: [],
      billing: body.default_address,
      shipping: null,
      customer: body,
    }),
    browser: unknownBrowser(),
    landing: null,
    skip: null,
    order: null,
    account: body.state === "enabled",
    event: {
      name: "CompleteRegistration",
      id: registrationId(body.id),
      time: body.created_at,
      actionSource: "website",
      checkoutToken: null,
      facts: { ...noFacts("web"), ...regionOf(body.default_address) },
    },
  };
}
