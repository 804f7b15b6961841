import { clean, isPlaceholder, type Normalise } from "./text";

/** `?` and what follows is a parameter. */
const CUSTOMER_GID = /^gid:\/\/shopify\/Customer\/(\d+)(?:\?.*)?$/;
const MAX_LENGTH = 256;

/**
 * The shop's own id of a person. A customer's gid becomes its number, because both legs must send the same form:
 * https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/external-id
 */
export const externalId: Normalise = (value) => {
  const text = clean(value);
  const id = CUSTOMER_GID.exec(text)?.[1] ?? text;
  return id === "" || id.length > MAX_LENGTH || isPlaceholder(id) ? null : id;
};
