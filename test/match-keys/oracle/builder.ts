import { ParamBuilder, type PiiDataType } from "capi-param-builder-nodejs";
import { getNormalizedPII } from "capi-param-builder-nodejs/src/piiUtil/PIIUtil.js";
import type { HashedKey } from "~/match-keys/keys";

/** What Meta's parameter builder calls each key. */
const KINDS: Record<HashedKey, PiiDataType> = {
  em: "email",
  ph: "phone",
  fn: "first_name",
  ln: "last_name",
  ge: "gender",
  db: "date_of_birth",
  ct: "city",
  st: "state",
  zp: "zip_code",
  country: "country",
  external_id: "external_id",
};

/** Which library made the hash, in which version; no part of the hash. */
const APPENDIX = /\.[A-Za-z0-9_-]{8}$/;

const paramBuilder = new ParamBuilder();

/** What the builder would send: a digest, or null for nothing. It asks for no country. */
export function builderHash(key: HashedKey, value: string): string | null {
  return paramBuilder.getNormalizedAndHashedPII(value, KINDS[key])?.replace(APPENDIX, "") ?? null;
}

/** What it hashes, to say it in words; null for nothing. */
export function builderText(key: HashedKey, value: string): string | null {
  return getNormalizedPII(value, KINDS[key]) || null;
}
