import { z } from "zod";
import { nobody, type Person } from "../events/event";
import { helpfulText, id, optionalId } from "./fields";
import type { NoticeReading } from "./reading";

const ids = z
  .array(id)
  .nullish()
  .transform((value) => value ?? []);

/** app/uninstalled carries the whole shop; none of it is needed. */
export const uninstalled = z.object({});

export const scopesUpdate = z.object({ current: z.array(z.string()) });

const customer = z.object({ id: optionalId, email: helpfulText, phone: helpfulText }).nullish();

export const dataRequest = z.object({ customer, orders_requested: ids });

export const customerRedact = z.object({ customer, orders_to_redact: ids });

export const shopRedact = z.object({ shop_domain: z.string() });

/** About nobody: the fields read are kept. */
export function notice(body: unknown): NoticeReading {
  return { kind: "notice", body, person: nobody() };
}

export function dataRequestNotice({ customer, orders_requested }: z.output<typeof dataRequest>): NoticeReading {
  return { kind: "notice", body: { orders: orders_requested }, person: personOf(customer) };
}

export function customerRedactNotice({ customer, orders_to_redact }: z.output<typeof customerRedact>): NoticeReading {
  return { kind: "notice", body: { orders: orders_to_redact }, person: personOf(customer) };
}

function personOf(who: z.output<typeof customer>): Person {
  const known = (value: string | null | undefined) => (value ? [value] : []);
  return { ...nobody(), externalId: known(who?.id), email: known(who?.email), phone: known(who?.phone) };
}
