import type { Address, Customer } from "../commerce/checkout";
import { countryOf } from "../tables/countries";
import { SHOP } from "../tables/shop";
import { shopTime } from "./instant";
import type { Json } from "./sums";

export function addressBody(address: Address): Json {
  const { name: country, provinces } = countryOf(address.country);
  return {
    first_name: address.firstName,
    address1: address.address1,
    phone: address.phone,
    city: address.city,
    zip: address.zip,
    province: address.provinceCode === null ? null : (provinces[address.provinceCode] ?? null),
    country,
    last_name: address.lastName,
    address2: address.address2,
    company: null,
    latitude: null,
    longitude: null,
    name: `${address.firstName} ${address.lastName}`,
    country_code: address.country,
    province_code: address.provinceCode,
  };
}

/** Shape of 2025-01 and later: tags and the consents to messages have moved to topics of their own. */
export function customerBody(customer: Customer, address: Address | null, now: number): Json {
  return {
    id: customer.id,
    email: customer.email,
    created_at: shopTime(customer.createdAt),
    updated_at: shopTime(now),
    first_name: address?.firstName ?? null,
    last_name: address?.lastName ?? null,
    state: "disabled",
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    phone: null,
    currency: SHOP.currency,
    tax_exemptions: [],
    admin_graphql_api_id: `gid://shopify/Customer/${customer.id}`,
    ...(address === null ? {} : { default_address: defaultAddress(customer, address) }),
  };
}

function defaultAddress(customer: Customer, address: Address): Json {
  const { latitude: _latitude, longitude: _longitude, ...body } = addressBody(address);
  return {
    id: customer.id + 1_000_000,
    customer_id: customer.id,
    ...body,
    country_name: countryOf(address.country).name,
    default: true,
  };
}
