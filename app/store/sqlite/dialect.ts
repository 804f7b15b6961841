import type { Dialect } from "../statement";

/** SQLite reads JSON as a table-valued function; it has one writer at a time, so that nothing needs a lock of its own. */
export const SQLITE: Dialect = {
  name: "sqlite",
  rows: (parameter, columns) => {
    const picked = Object.keys(columns).map((column, index) => `value->>${index} AS "${column}"`);
    return `(SELECT ${picked.join(", ")} FROM json_each(${parameter}))`;
  },
  values: (parameter) => `(SELECT value FROM json_each(${parameter}))`,
  clock: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
  // A plain join may be turned round by the planner, which would walk all of the larger table.
  keyByKey: "CROSS JOIN",
  rowId: "rowid",
  skipLocked: "",
  forUpdate: "",
  lockNames: () => "SELECT 1 WHERE false",
  // Without statistics SQLite takes any index of two columns for as good as another.
  unindexed: (column) => `+${column}`,
  by: (index) => `INDEXED BY "${index}"`,
  greatest: (one, other) => `max(${one}, ${other})`,
  merged: (base, over) => `json_patch(${base}, ${over})`,
  isFalse: (json, key) => `(${json}->>'${key}' IS 0)`,
};
