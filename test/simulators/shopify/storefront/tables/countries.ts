/**
 * What a country changes for a shopper: money, tax, shipping, and whether consent is asked for. Shipping is in cents of the
 * shop's currency; tax in hundredths of a percent, always on top of the price.
 */
export interface Country {
  name: string;
  currency: Currency;
  locale: string;
  market: { id: string; handle: string };
  /** `asked`: nothing is allowed until the shopper says so. */
  consent: "asked" | "assumed";
  /** Whether "Do not sell my data" is offered. */
  saleOptOut: boolean;
  tax: number;
  taxByProvince: Readonly<Record<string, number>>;
  /** Code to name; empty where addresses have none. */
  provinces: Readonly<Record<string, string>>;
  provinceLabel: string;
  zipLabel: string;
  shipping: { readonly [handle in ShippingHandle]: number };
}

/** How much of a currency one US dollar buys, as a ratio of whole numbers. Fixed, so that sums can be checked by hand. */
export const CURRENCIES = {
  USD: { numerator: 1, denominator: 1 },
  EUR: { numerator: 92, denominator: 100 },
} as const satisfies Record<string, { numerator: number; denominator: number }>;

export type Currency = keyof typeof CURRENCIES;

export const SHIPPING = {
  standard: { title: "Standard", days: "3 to 5 working days" },
  express: { title: "Express", days: "1 to 2 working days" },
} as const;

export type ShippingHandle = keyof typeof SHIPPING;
export const SHIPPING_HANDLES = Object.keys(SHIPPING) as ShippingHandle[];

function isOneOf<Key extends string>(table: Record<Key, unknown>, key: string): key is Key {
  return Object.hasOwn(table, key);
}

export const isShippingHandle = (text: string) => isOneOf(SHIPPING, text);

const US_STATES =
  "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,DC District of Columbia," +
  "FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine," +
  "MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada," +
  "NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma," +
  "OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont," +
  "VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming";

const AU_STATES =
  "ACT Australian Capital Territory,NSW New South Wales,NT Northern Territory,QLD Queensland,SA South Australia," +
  "TAS Tasmania,VIC Victoria,WA Western Australia";

function provinces(list: string): Record<string, string> {
  return Object.fromEntries(
    list.split(",").map((entry) => [entry.slice(0, entry.indexOf(" ")), entry.slice(entry.indexOf(" ") + 1)]),
  );
}

export const COUNTRIES = {
  US: {
    name: "United States",
    currency: "USD",
    locale: "en-US",
    market: { id: "gid://shopify/Market/31500100001", handle: "us" },
    consent: "assumed",
    saleOptOut: true,
    tax: 600,
    taxByProvince: { OR: 0, MT: 0, NH: 0, DE: 0, AK: 0, CA: 725, NY: 888, TX: 625, WA: 650 },
    provinces: provinces(US_STATES),
    provinceLabel: "State",
    zipLabel: "ZIP code",
    shipping: { standard: 6_50, express: 18_00 },
  },
  DE: {
    name: "Germany",
    currency: "EUR",
    locale: "de-DE",
    market: { id: "gid://shopify/Market/31500100002", handle: "eu" },
    consent: "asked",
    saleOptOut: false,
    tax: 1900,
    taxByProvince: {},
    provinces: {},
    provinceLabel: "",
    zipLabel: "Postal code",
    shipping: { standard: 12_90, express: 29_00 },
  },
  GB: {
    name: "United Kingdom",
    currency: "USD",
    locale: "en-GB",
    market: { id: "gid://shopify/Market/31500100003", handle: "uk" },
    consent: "asked",
    saleOptOut: false,
    tax: 2000,
    taxByProvince: {},
    provinces: { ENG: "England", NIR: "Northern Ireland", SCT: "Scotland", WLS: "Wales" },
    provinceLabel: "Country or region",
    zipLabel: "Postcode",
    shipping: { standard: 11_50, express: 27_00 },
  },
  AU: {
    name: "Australia",
    currency: "USD",
    locale: "en-AU",
    market: { id: "gid://shopify/Market/31500100004", handle: "au" },
    consent: "assumed",
    saleOptOut: false,
    tax: 1000,
    taxByProvince: {},
    provinces: provinces(AU_STATES),
    provinceLabel: "State",
    zipLabel: "Postcode",
    shipping: { standard: 15_00, express: 34_00 },
  },
} as const satisfies Record<string, Country>;

export type CountryCode = keyof typeof COUNTRIES;
export const COUNTRY_CODES = Object.keys(COUNTRIES) as CountryCode[];

export const isCountryCode = (text: string) => isOneOf(COUNTRIES, text);

/** The row, seen as any of them. */
export function countryOf(code: CountryCode): Country {
  return COUNTRIES[code];
}
