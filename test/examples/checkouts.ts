import { anonymousCheckout, checkout } from "../fixtures/checkout";
import { PEOPLE } from "../fixtures/order";
import { type Example, seconds } from "./example";
import { HASHED_BUYERS, TOKEN, TWO_TEES } from "./parts";

/** Checkout webhooks know neither IP nor user agent: they step in for a browser that stayed silent. */

function initiateCheckout(userData: Record<string, unknown>, custom: Record<string, unknown> = TWO_TEES) {
  return {
    event_name: "InitiateCheckout",
    event_time: seconds("2026-11-20T09:50:00Z"),
    event_id: `ic.${TOKEN}`,
    action_source: "website",
    user_data: userData,
    custom_data: custom,
  };
}

export const CHECKOUTS: Example[] = [
  {
    title: "a checkout of nobody known makes no event; it only adds to what is known",
    topic: "checkouts/create",
    in: anonymousCheckout(),
    out: { events: [], skipped: [{ event: "InitiateCheckout", outcome: "skipped", reason: "enriches_only" }] },
  },
  {
    title: "a checkout with an e-mail makes an InitiateCheckout, keyed on its token",
    topic: "checkouts/update",
    in: checkout({ country: "AU" }),
    out: { events: [initiateCheckout(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "checkouts/create does so as well when the buyer is known from the start",
    topic: "checkouts/create",
    in: checkout({ country: "AU" }),
    out: { events: [initiateCheckout(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "a phone number is enough",
    topic: "checkouts/update",
    in: { ...anonymousCheckout(), phone: "+61 411 111 111" },
    out: { events: [initiateCheckout({ ph: HASHED_BUYERS.AU.ph })], skipped: [] },
  },
  {
    title: "with two currencies nobody says which one the sum is in: the event names no value",
    topic: "checkouts/update",
    in: checkout({ country: "AU" }, { presentment_currency: "EUR", line_items: [] }),
    out: {
      events: [
        Object.fromEntries(
          Object.entries(initiateCheckout(HASHED_BUYERS.AU)).filter(([field]) => field !== "custom_data"),
        ),
      ],
      skipped: [],
    },
  },
  {
    title: "a checkout without a token is refused by its field",
    topic: "checkouts/update",
    in: checkout({}, { token: null }),
    out: { events: [], skipped: [{ event: "InitiateCheckout", outcome: "rejected", reason: "token" }] },
  },
  {
    title: "an e-mail that is none still makes the event when the address tells enough",
    topic: "checkouts/update",
    in: checkout({ country: "AU" }, { email: "matilda at example", customer: null }),
    out: {
      events: [
        initiateCheckout({
          ph: HASHED_BUYERS.AU.ph,
          fn: HASHED_BUYERS.AU.fn,
          ln: HASHED_BUYERS.AU.ln,
          ct: HASHED_BUYERS.AU.ct,
          st: HASHED_BUYERS.AU.st,
          zp: HASHED_BUYERS.AU.zp,
          country: HASHED_BUYERS.AU.country,
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "a German checkout of which no signal came is withheld",
    topic: "checkouts/update",
    in: checkout({ country: "DE" }, { email: PEOPLE.DE.email }),
    browser: {},
    out: { events: [], skipped: [{ event: "InitiateCheckout", outcome: "withheld", reason: "no_consent_signal" }] },
  },
];
