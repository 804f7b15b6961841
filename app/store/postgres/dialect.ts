import type { ColumnType, Dialect } from "../statement";

/**
 * Any number for the locks that are names'. Many names share one of 256: a server has room for some thousands of locks.
 * https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS
 */
const NAMES = 7_236_342;

const CASTS: Record<ColumnType, string> = { integer: "bigint", text: "text", boolean: "boolean" };

export const POSTGRES: Dialect = {
  name: "postgres",
  rows: (parameter, columns) => {
    const picked = Object.entries(columns).map(
      ([column, type], index) => `(value->>${index})::${CASTS[type]} AS "${column}"`,
    );
    return `(SELECT ${picked.join(", ")} FROM jsonb_array_elements(${parameter}::jsonb))`;
  },
  values: (parameter, type) => `(SELECT value::${CASTS[type]} FROM jsonb_array_elements_text(${parameter}::jsonb))`,
  clock: "(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
  keyByKey: "JOIN",
  rowId: "ctid",
  skipLocked: "FOR UPDATE SKIP LOCKED",
  forUpdate: "FOR UPDATE",
  lockNames: (parameter, how) => `
    SELECT pg_advisory_xact_lock${how === "together" ? "_shared" : ""}(${NAMES}, "one")
    FROM (SELECT DISTINCT hashtext(value) & 255 AS "one" FROM jsonb_array_elements_text(${parameter}::jsonb) ORDER BY 1) AS w`,
  // Not the column with something appended: that is null where the column is, and by that much PostgreSQL would know that an
  // index of the rows where it is not null has them all.
  unindexed: (column) => `coalesce(${column}, '')`,
  // An index of few rows looks better than one of all by its size.
  by: () => "",
  greatest: (one, other) => `greatest(${one}, ${other})`,
  merged: (base, over) => `(${base}::jsonb || ${over}::jsonb)::text`,
  isFalse: (json, key) => `(${json}::jsonb->>'${key}' IS NOT DISTINCT FROM 'false')`,
};
