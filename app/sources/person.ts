import { z } from "zod";
import type { Person } from "../events/event";
import { helpfulId, helpfulText } from "./fields";

/** A postal address as orders, checkouts and customers carry it. Shopify sends `[]` where there is none. */
export const address = z
  .object({
    first_name: helpfulText,
    last_name: helpfulText,
    phone: helpfulText,
    city: helpfulText,
    zip: helpfulText,
    province: helpfulText,
    province_code: helpfulText,
    country_code: helpfulText,
  })
  .nullish()
  .catch(null);

export type Address = z.output<typeof address>;

export const customer = z
  .object({
    id: helpfulId,
    email: helpfulText,
    phone: helpfulText,
    first_name: helpfulText,
    last_name: helpfulText,
    default_address: address,
  })
  .nullish()
  .catch(null);

export type Customer = z.output<typeof customer>;

interface Described {
  emails: (string | null | undefined)[];
  phones: (string | null | undefined)[];
  address: Address;
  customer: Customer;
}

/** One person out of the places a sender names them in; the first place is trusted most. */
export function personOf({ emails, phones, address, customer }: Described): Person {
  const usState = address?.country_code?.toUpperCase() === "US";
  return {
    email: known(...emails, customer?.email),
    phone: known(...phones, address?.phone, customer?.phone),
    firstName: known(address?.first_name, customer?.first_name),
    lastName: known(address?.last_name, customer?.last_name),
    gender: [],
    birthdate: [],
    city: known(address?.city),
    state: known(usState ? (address?.province_code ?? address?.province) : address?.province),
    zip: known(address?.zip),
    country: known(address?.country_code),
    externalId: known(customer?.id),
  };
}

function known(...values: (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value): value is string => value !== null && value !== undefined))];
}

/** The address that match keys and region go by: billing, else shipping, else the customer's default. */
export function leadingAddress(billing: Address, shipping: Address, owner: Customer): Address {
  return (
    [billing, shipping, owner?.default_address].find((candidate) => candidate?.country_code) ??
    billing ??
    shipping ??
    null
  );
}

/** Country and US state for the region of an event: upper case, null where unknown. */
export function regionOf(place: Address): { country: string | null; usState: string | null } {
  const written = place?.country_code?.trim().toUpperCase() ?? null;
  // Not ISO, but written all the same; its law is the United Kingdom's.
  const code = written === "UK" ? "GB" : written;
  const country = code !== null && /^[A-Z]{2}$/.test(code) ? code : null;
  const state = place?.province_code?.trim().toUpperCase() ?? null;
  return { country, usState: country === "US" && state !== null && /^[A-Z]{2}$/.test(state) ? state : null };
}
