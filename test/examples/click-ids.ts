import { order } from "../fixtures/order";
import { CONSENT_GIVEN, type Example, seconds } from "./example";
import { HASHED_BUYERS, ORDER_BROWSER, webPurchase } from "./parts";

/** Meta's cookies, byte for byte, from wherever they are known. */

const AT = seconds("2026-11-20T09:58:00Z") * 1000;
const FBP = "fb.1.1763632800000.1098115397";
const FBC = "fb.2.1795032000123.IwAR2-Example_aem_Zm9vYmFyBaz";
/** Clicked 90 days before 20 November 2026, 10:00 UTC; Meta wants none that is older. */
const CLICKED_90_DAYS_AGO = "fb.1.1787392800000.IwAR2-Old";

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
    title: "a click of exactly 90 days ago still counts",
    topic: "orders/create",
    in: order({ country: "AU" }),
    browser: { fbc: CLICKED_90_DAYS_AGO, consent: CONSENT_GIVEN },
    now: "2026-11-20T10:00:00Z",
    out: { events: [withClicks({ fbc: CLICKED_90_DAYS_AGO })], skipped: [] },
  },
  {
    title: "an older one is not sent",
    topic: "orders/create",
    in: order({ country: "AU" }),
    browser: { fbc: CLICKED_90_DAYS_AGO, consent: CONSENT_GIVEN },
    now: "2026-11-20T10:00:01Z",
    out: { events: [withClicks({})], skipped: [] },
  },
  {
    title: "a later click that the cart remembers takes the place of one that is too old",
    topic: "orders/create",
    in: order({ country: "AU" }, { note_attributes: [{ name: "_fbc", value: FBC }] }),
    browser: { fbc: CLICKED_90_DAYS_AGO, consent: CONSENT_GIVEN },
    now: "2026-11-20T10:00:01Z",
    out: { events: [withClicks({ fbc: FBC })], skipped: [] },
  },
  {
    title: "a click that is too old does not become new because its landing page is met again",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        landing_site: "/products/tee?fbclid=IwAR2-Old",
        note_attributes: [{ name: "_fbc", value: CLICKED_90_DAYS_AGO }],
      },
    ),
    now: "2026-11-20T10:00:01Z",
    out: { events: [withClicks({})], skipped: [] },
  },
  {
    title: "nor where the browser told of the old click",
    topic: "orders/create",
    in: order({ country: "AU" }, { landing_site: "/products/tee?fbclid=IwAR2-Old" }),
    browser: { fbc: CLICKED_90_DAYS_AGO, consent: CONSENT_GIVEN },
    now: "2026-11-20T10:00:01Z",
    out: { events: [withClicks({})], skipped: [] },
  },
  {
    title: "nor where the cookie names the library that wrote it",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        landing_site: "/products/tee?fbclid=IwAR2-Old",
        note_attributes: [{ name: "_fbc", value: `${CLICKED_90_DAYS_AGO}.AQMBAQIA` }],
      },
    ),
    now: "2026-11-20T10:00:01Z",
    out: { events: [withClicks({})], skipped: [] },
  },
  {
    title: "another click on the landing page takes the place of one that is too old",
    topic: "orders/create",
    in: order(
      { country: "AU" },
      {
        landing_site: "/products/tee?fbclid=IwAR2-New",
        note_attributes: [{ name: "_fbc", value: CLICKED_90_DAYS_AGO }],
      },
    ),
    now: "2026-11-20T10:00:01Z",
    out: { events: [withClicks({ fbc: `fb.1.${AT}.IwAR2-New` })], skipped: [] },
  },
  {
    title: "ages apply only where somebody says what time it is",
    topic: "orders/create",
    in: order({ country: "AU" }, { note_attributes: [{ name: "_fbc", value: FBC }] }),
    browser: { fbp: FBP, consent: CONSENT_GIVEN },
    out: { events: [withClicks({ fbc: FBC, fbp: FBP })], skipped: [] },
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
