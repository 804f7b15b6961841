import { z } from "zod";
import { COUNTRY_CODES } from "../events/country-codes";
import type { Person } from "../events/event";
import { idOf, isRecord, textOf } from "./fields";

/** A postal address as orders, checkouts and customers carry it. Shopify sends `[]` where there is none. */
export const address = z.transform(addressOf);

export type Address = ReturnType<typeof addressOf>;

/** In one step, not field by field as zod goes: nothing in it can be refused, and an order carries it three times. */
export function addressOf(value: unknown) {
  if (!isRecord(value)) return null;
  return {
    first_name: textOf(value.first_name),
    last_name: textOf(value.last_name),
    phone: textOf(value.phone),
    city: textOf(value.city),
    zip: textOf(value.zip),
    province: textOf(value.province),
    province_code: textOf(value.province_code),
    country_code: textOf(value.country_code),
  };
}

export const customer = z.transform(customerOf);

export type Customer = ReturnType<typeof customerOf>;

export function customerOf(value: unknown) {
  if (!isRecord(value)) return null;
  return {
    id: idOf(value.id),
    email: textOf(value.email),
    phone: textOf(value.phone),
    first_name: textOf(value.first_name),
    last_name: textOf(value.last_name),
    default_address: addressOf(value.default_address),
  };
}

interface Described {
  emails: (string | null | undefined)[];
  phones: (string | null | undefined)[];
  billing: Address;
  /** Where the goods go: to somebody else, when they are a present. */
  shipping: Address;
  customer: Customer;
}

/** One person out of the places a sender names them in; the first place is trusted most. */
export function personOf({ emails, phones, billing, shipping, customer }: Described): Person {
  const address = leadingAddress(billing, shipping, customer);
  const names = [nameOf(billing), nameOf(customer)];
  const sentTo = ifBuyers(shipping, names);
  const kept = ifBuyers(customer?.default_address ?? null, names);
  const usState = address?.country_code?.toUpperCase() === "US";
  return {
    email: known([...emails, customer?.email]),
    phone: known([
      ...phones,
      phoneOf(billing, address),
      customer?.phone,
      phoneOf(sentTo, address),
      phoneOf(kept, address),
    ]),
    firstName: known([billing?.first_name, customer?.first_name, sentTo?.first_name]),
    lastName: known([billing?.last_name, customer?.last_name, sentTo?.last_name]),
    gender: [],
    birthdate: [],
    city: one(address?.city),
    state: one(usState ? (address?.province_code ?? address?.province) : address?.province),
    zip: one(address?.zip),
    country: one(address?.country_code),
    externalId: one(customer?.id),
  };
}

/** Behind a bracket or what nobody sees, and full width too: match keys read it as well. */
const PLUS_AT_START = /^[^\p{L}\p{N}]*[+＋]/u;

/**
 * An address's phone. All are read with the leading address's country: one from another country counts only where it carries
 * its own code, or it would become a stranger's.
 */
function phoneOf(place: Address, leading: Address): string | null {
  const phone = place?.phone ?? null;
  const abroad = countryOf(place) !== countryOf(leading);
  return phone === null || (abroad && !PLUS_AT_START.test(phone)) ? null : phone;
}

/** An address if it is the buyer's own, and not that of somebody who gets a present: its name is on the bill, or the customer's. */
function ifBuyers(place: Address, names: readonly (string | null)[]): Address {
  const name = nameOf(place);
  return name !== null && names.includes(name) ? place : null;
}

function nameOf(named: { first_name: string | null; last_name: string | null } | null | undefined): string | null {
  const first = named?.first_name?.trim().toLowerCase() ?? "";
  const last = named?.last_name?.trim().toLowerCase() ?? "";
  return first === "" && last === "" ? null : `${first} ${last}`;
}

function known(values: readonly (string | null | undefined)[]): string[] {
  const texts: string[] = [];
  for (const value of values) {
    if (value !== null && value !== undefined && !texts.includes(value)) texts.push(value);
  }
  return texts;
}

function one(value: string | null | undefined): string[] {
  return value === null || value === undefined ? [] : [value];
}

/** The address that match keys and region go by: billing, else shipping, else the customer's default. */
export function leadingAddress(billing: Address, shipping: Address, owner: Customer): Address {
  if (billing?.country_code) return billing;
  if (shipping?.country_code) return shipping;
  if (owner?.default_address?.country_code) return owner.default_address;
  return billing ?? shipping;
}

/** Country and US state for the region of an event: upper case, null where unknown. */
export function regionOf(place: Address): { country: string | null; usState: string | null } {
  const code = countryOf(place);
  const country = code !== null && COUNTRY_CODES.has(code.toLowerCase()) ? code : null;
  const state = place?.province_code?.trim().toUpperCase() ?? null;
  return { country, usState: country === "US" && state !== null && /^[A-Z]{2}$/.test(state) ? state : null };
}

/** As it is written, upper case. UK is not ISO, but written all the same; its law is the United Kingdom's. */
function countryOf(place: Address): string | null {
  const written = place?.country_code?.trim().toUpperCase() ?? null;
  return written === "UK" ? "GB" : written;
}
