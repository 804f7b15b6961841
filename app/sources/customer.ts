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
});

export function registration(body: z.output<typeof createdCustomer>): EventReading {
  return {
    kind: "event",
    person: personOf({ emails: [], phones: [], address: body.default_address, customer: body }),
    browser: unknownBrowser(),
    landing: null,
    skip: null,
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
