import type { HashedKey } from "~/match-keys/keys";
import { birthdates } from "./birthdate";
import { cities } from "./city";
import { countries } from "./country";
import { emails } from "./email";
import { externalIds } from "./external-id";
import { genders } from "./gender";
import { names } from "./name";
import { phones } from "./phone";
import { states } from "./state";
import type { Vector } from "./vector";
import { zips } from "./zip";

/** One table per hashed key of MATCH_KEYS. */
export const VECTORS: Record<HashedKey, readonly Vector[]> = {
  em: emails,
  ph: phones,
  fn: names,
  ln: names,
  ge: genders,
  db: birthdates,
  ct: cities,
  st: states,
  zp: zips,
  country: countries,
  external_id: externalIds,
};

export { SOURCES, type Vector } from "./vector";
