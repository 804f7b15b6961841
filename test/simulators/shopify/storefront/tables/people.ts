import type { Address } from "../commerce/checkout";
import type { CountryCode } from "./countries";

/** Somebody who shops; `address` as they type it. */
export interface Person {
  email: string;
  address: Omit<Address, "country">;
}

/** One invented buyer per country, with an address and a phone as people there write them. */
export const PEOPLE: { readonly [code in CountryCode]: Person } = {
  US: {
    email: "Morgan.Sample@example.com",
    address: {
      firstName: "Morgan",
      lastName: "Sample",
      address1: "1200 Placeholder Street",
      address2: "Apt 4",
      city: "Sacramento",
      provinceCode: "CA",
      zip: "95814-2201",
      phone: "(916) 555-0142",
    },
  },
  DE: {
    email: "jule.beispiel@example.com",
    address: {
      firstName: "Jule",
      lastName: "Beispiel-Größmann",
      address1: "Musterallee 3",
      address2: null,
      city: "Köln",
      provinceCode: null,
      zip: "50667",
      phone: "0221 5550142",
    },
  },
  GB: {
    email: "rowan.fixture@example.com",
    address: {
      firstName: "Rowan",
      lastName: "O’Fixture",
      address1: "14 Specimen Row",
      address2: null,
      city: "St. Ives",
      provinceCode: "ENG",
      zip: "TR26 1AA",
      phone: "01632 960142",
    },
  },
  AU: {
    email: "indi.mockup@example.com",
    address: {
      firstName: "Indi",
      lastName: "Mockup",
      address1: "9 Example Parade",
      address2: null,
      city: "Hobart",
      provinceCode: "TAS",
      zip: "7000",
      phone: "0491 570 142",
    },
  },
};
