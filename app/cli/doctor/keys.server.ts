import type { PrismaClient } from "@prisma/client";
import { counted } from "../../counted";
import type { Registry } from "../../settings/registry.server";
import type { Keyring } from "../../store/keyring.server";
import { keyIdOf } from "../../store/seal.server";
import { fine, type Row, wrong } from "./row";

interface Opened {
  db: PrismaClient;
  keyring: Keyring;
  registry: Registry;
}

/** Whether every shop's data key opens, and with which key: one that is missing shows here before an order meets it. */
export async function checkKeys({ db, keyring, registry }: Opened): Promise<Row[]> {
  const unreadable = registry.unreadable();
  if (unreadable.length > 0) {
    return unreadable.map(({ domain, message }) =>
      wrong("keys", `${message}; add the old key to ENCRYPTION_KEYS_OLD`, { shop: domain }),
    );
  }
  const rows = await db.shop.findMany({ select: { domain: true, dataKey: true }, orderBy: { id: "asc" } });
  const old = rows.filter(({ dataKey }) => keyIdOf(dataKey) !== keyring[0].id);
  if (old.length === 0)
    return [fine("keys", `every sealed token opens, ${counted(rows.length, "data key")} under the key in use`)];
  const under = [...new Set(old.map(({ dataKey }) => keyIdOf(dataKey)))].join(", ");
  return [
    fine(
      "keys",
      `every sealed token opens, but ${counted(old.length, "data key")} of ${rows.length} still under an old key ` +
        `(${under}): keep it in ENCRYPTION_KEYS_OLD until keys rotate has run; ${some(old.map(({ domain }) => domain))}`,
    ),
  ];
}

const MOST_NAMES = 10;

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
