import { order } from "../fixtures/order";
import { CONSENT_GIVEN, CONSENT_REFUSED, type Example, hashed, SALE_OPT_OUT } from "./example";
import { HASHED_BUYERS, limitedDataUse, webPurchase } from "./parts";

/** Who may be told what: by the shopper's region and by what they answered. */

/** Meta's numbers of the US states with a privacy law; New York has none, so Meta is asked to look at the address. */
const STATES: Record<string, [name: string, number: number]> = {
  CA: ["California", 1000],
  CO: ["Colorado", 1001],
  CT: ["Connecticut", 1002],
  FL: ["Florida", 1003],
  OR: ["Oregon", 1004],
  TX: ["Texas", 1005],
  MT: ["Montana", 1006],
  DE: ["Delaware", 1007],
  NE: ["Nebraska", 1008],
  NH: ["New Hampshire", 1009],
  NJ: ["New Jersey", 1010],
  MN: ["Minnesota", 1011],
  MD: ["Maryland", 1012],
  RI: ["Rhode Island", 1013],
  NY: ["New York", 0],
};

function orderFrom(code: string, name: string): Record<string, unknown> {
  const address = { ...Object(order().billing_address), province: name, province_code: code };
  return order({}, { billing_address: address, shipping_address: address });
}

const LIMITED_BY_STATE = Object.entries(STATES).map(
  ([code, [name, number]]): Example => ({
    title: `an opt-out in ${name} is sent with Limited Data Use, state ${number}`,
    topic: "orders/create",
    in: orderFrom(code, name),
    browser: { consent: SALE_OPT_OUT },
    out: {
      events: [webPurchase({ ...HASHED_BUYERS.US, st: hashed(code.toLowerCase()) }, limitedDataUse(number))],
      skipped: [],
    },
  }),
);

export const CONSENT: Example[] = [
  {
    title: "a German who agreed is told of",
    topic: "orders/create",
    in: order({ country: "DE" }),
    browser: { consent: CONSENT_GIVEN },
    out: { events: [webPurchase(HASHED_BUYERS.DE)], skipped: [] },
  },
  {
    title: "a German who refused is not",
    topic: "orders/create",
    in: order({ country: "DE" }),
    browser: { consent: CONSENT_REFUSED },
    out: { events: [], skipped: [{ event: "Purchase", outcome: "withheld", reason: "consent_refused" }] },
  },
  {
    title: "a German of whom no signal came is not: silence is not consent",
    topic: "orders/create",
    in: order({ country: "DE" }),
    browser: {},
    out: { events: [], skipped: [{ event: "Purchase", outcome: "withheld", reason: "no_consent_signal" }] },
  },
  {
    title: "a Briton who allowed marketing but no sale of data is sent with Limited Data Use, place unnamed",
    topic: "orders/create",
    in: order({ country: "GB" }),
    browser: { consent: SALE_OPT_OUT },
    out: { events: [webPurchase(HASHED_BUYERS.GB, limitedDataUse(0))], skipped: [] },
  },
  {
    title: "an order from nowhere counts as one from a region that asks for consent",
    topic: "orders/create",
    in: order({}, { billing_address: null, shipping_address: null, customer: null }),
    browser: {},
    out: { events: [], skipped: [{ event: "Purchase", outcome: "withheld", reason: "no_consent_signal" }] },
  },
  {
    title: "an American of whom no signal came is sent with Limited Data Use",
    topic: "orders/create",
    in: order(),
    browser: {},
    out: { events: [webPurchase(HASHED_BUYERS.US, limitedDataUse(1004))], skipped: [] },
  },
  {
    title: "an American who agreed is sent without",
    topic: "orders/create",
    in: order(),
    browser: { consent: CONSENT_GIVEN },
    out: { events: [webPurchase(HASHED_BUYERS.US)], skipped: [] },
  },
  {
    title: "an Australian of whom no signal came is sent",
    topic: "orders/create",
    in: order({ country: "AU" }),
    browser: {},
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "an Australian who refused is not",
    topic: "orders/create",
    in: order({ country: "AU" }),
    browser: { consent: CONSENT_REFUSED },
    out: { events: [], skipped: [{ event: "Purchase", outcome: "withheld", reason: "consent_refused" }] },
  },
  ...LIMITED_BY_STATE,
];
