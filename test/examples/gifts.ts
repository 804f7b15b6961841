import { order, PEOPLE } from "../fixtures/order";
import { type Example, hashed } from "./example";
import { HASHED_BUYERS, webPurchase } from "./parts";

/** Who the buyer is, and who only gets the parcel. */

const { email: _email, ...ADDRESS } = PEOPLE.AU;
const GRANDCHILD = { ...ADDRESS, first_name: "Kylie", last_name: "Placeholder", phone: "0422 222 222" };
const AT_WORK = { ...ADDRESS, first_name: " MATILDA", phone: "02 9876 5432" };
const { customer: CUSTOMER } = order({ country: "AU" });

export const GIFTS: Example[] = [
  {
    title: "a present: name and phone on the parcel are somebody else's and do not travel",
    topic: "orders/create",
    in: order({ country: "AU" }, { shipping_address: GRANDCHILD }),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
  {
    title: "a parcel to the buyer under another number adds that number",
    topic: "orders/create",
    in: order({ country: "AU" }, { shipping_address: AT_WORK }),
    out: { events: [webPurchase({ ...HASHED_BUYERS.AU, ph: hashed("61411111111", "61298765432") })], skipped: [] },
  },
  {
    title: "so does one to the customer, though somebody else pays the bill: both names are known",
    topic: "orders/create",
    in: order({ country: "AU" }, { billing_address: { ...GRANDCHILD, phone: null }, shipping_address: AT_WORK }),
    out: {
      events: [
        webPurchase({
          ...HASHED_BUYERS.AU,
          fn: hashed("kylie", "matilda"),
          ln: hashed("placeholder", "sample"),
          ph: hashed("61298765432", "61411111111"),
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "without a bill the customer says who buys",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        billing_address: null,
        shipping_address: GRANDCHILD,
        customer: { ...Object(CUSTOMER), default_address: GRANDCHILD },
      },
    ),
    out: {
      events: [webPurchase(Object.fromEntries(Object.entries(HASHED_BUYERS.AU).filter(([key]) => key !== "ph")))],
      skipped: [],
    },
  },
  {
    title: "one value in two spellings is one: each key is told once",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        email: " Matilda@Example.com.au ",
        phone: "+61 411 111 111",
        customer: { ...Object(CUSTOMER), email: "MATILDA@EXAMPLE.COM.AU", phone: "0411111111", first_name: "matilda" },
      },
    ),
    out: { events: [webPurchase(HASHED_BUYERS.AU)], skipped: [] },
  },
];
