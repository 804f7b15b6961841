import { z } from "zod";
import { helpfulText, id, optionalId } from "./fields";

const ids = z
  .array(id)
  .nullish()
  .transform((value) => value ?? []);

/** app/uninstalled carries the whole shop; none of it is needed. */
export const uninstalled = z.object({});

export const scopesUpdate = z.object({ current: z.array(z.string()) });

const person = z.object({ id: optionalId, email: helpfulText, phone: helpfulText }).nullish();

export const dataRequest = z.object({ customer: person, orders_requested: ids });

export const customerRedact = z.object({ customer: person, orders_to_redact: ids });

export const shopRedact = z.object({ shop_domain: z.string() });
