import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isPostgres } from "~/database-address";
import { freshDatabase } from "../support/database";
import { openReader } from "./support/reader";

interface Column {
  table: string;
  column: string;
  required: number;
}

const OF_POSTGRES = `
  SELECT table_name AS "table", column_name AS "column", is_nullable = 'NO' AS "required"
  FROM information_schema.columns WHERE table_schema = 'public'`;

const OF_SQLITE = `
  SELECT t."name" AS "table", c."name" AS "column", c."notnull" AS "required"
  FROM sqlite_master AS t JOIN pragma_table_info(t."name") AS c WHERE t."type" = 'table'`;

/** `Table.column`, with a question mark where it may be null. */
function columnsOf(schema: string): string[] {
  return [...schema.matchAll(/^model (\w+) \{\n([^}]*)^\}/gm)].flatMap(([, model, body = ""]) =>
    [...body.matchAll(/^ {2}(\w+) +(?:String|Int|BigInt|Boolean|DateTime)(\??)(?= |$)/gm)].map(
      ([, column, optional]) => `${model}.${column}${optional}`,
    ),
  );
}

it("the migrations make exactly the tables and columns of the models", () => {
  const address = freshDatabase();
  const reader = openReader(address);
  const made = reader
    .all<Column>(isPostgres(address) ? OF_POSTGRES : OF_SQLITE)
    .filter(({ table }) => !/^(?:_prisma|sqlite_)/.test(table))
    .map(({ table, column, required }) => `${table}.${column}${required === 1 ? "" : "?"}`);
  reader.close();
  const meant = columnsOf(readFileSync("prisma/schema.prisma", "utf8"));
  expect(made.sort()).toEqual(meant.sort());
});
