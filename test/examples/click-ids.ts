import { order } from "../fixtures/order";
import { CONSENT_GIVEN, type Example, seconds } from "./example";
import { HASHED_BUYERS, ORDER_BROWSER, webPurchase } from "./parts";

/** Meta's cookies, byte for byte, from wherever they are known. */

const AT = seconds("2026-11-20T09:58:00Z") * 1000;
const FBP = "fb.1.1763632800000.1098115397";
const FBC = "fb.2.1763632800123.IwAR2-Example_aem_Zm9vYmFyBaz";

function withClicks(clicks: Record<string, string>) {
  return webPurchase(HASHED_BUYERS.AU, { user_data: { ...HASHED_BUYERS.AU, ...ORDER_BROWSER, ...clicks } });
}

export const CLICK_IDS: Example[] = [
  {
    title: "the fbclid of the landing page becomes fbc, case kept, dated with the order",
    topic: "orders/create",
    in: order({ country: "AU" }, { landing_site: "/products/tee?utm_source=fb&fbclid=IwAR0aBcD_eF-gH#reviews" }),
    out: { events: [withClicks({ fbc: `fb.1.${AT}.IwAR0aBcD_eF-gH` })], skipped: [] },
  },
  {
    title: "_fbp and _fbc that the theme put on the cart travel byte for byte",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        landing_site: "/?fbclid=Another",
        note_attributes: [
          { name: "_fbp", value: FBP },
          { name: "_fbc", value: FBC },
          { name: "gift", value: "" },
        ],
      },
    ),
    out: { events: [withClicks({ fbc: FBC, fbp: FBP })], skipped: [] },
  },
  {
    title: "what the browser itself says comes before what the cart remembers",
    topic: "orders/create",
    in: order({ country: "AU" }, { note_attributes: [{ name: "_fbp", value: FBP }] }),
    browser: { fbp: "fb.1.1763632811111.2222222222", fbc: FBC, consent: CONSENT_GIVEN },
    out: { events: [withClicks({ fbc: FBC, fbp: "fb.1.1763632811111.2222222222" })], skipped: [] },
  },
  {
    title: "a cookie that somebody changed is no cookie",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        note_attributes: [
          { name: "_fbp", value: "fb.1.1763632800000.abc" },
          { name: "_fbc", value: "undefined" },
        ],
      },
    ),
    out: { events: [withClicks({})], skipped: [] },
  },
];
