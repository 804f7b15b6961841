import { readFileSync } from "node:fs";
import type { Prisma, PrismaClient } from "@prisma/client";
import { describe, expect, expectTypeOf, it } from "vitest";
import { derived } from "../../bin/postgres-schema.mjs";
import type {
  PrismaClient as PostgresClient,
  Prisma as PostgresPrisma,
} from "../../node_modules/.prisma/client-postgres";

describe("PostgreSQL's schema", () => {
  it("is derived from SQLite's: after a change run node bin/postgres-schema.mjs --migration <name>", () => {
    expect(readFileSync("prisma/postgres/schema.prisma", "utf8")).toBe(
      derived(readFileSync("prisma/schema.prisma", "utf8")),
    );
  });

  it("has the same models, so that the code sees one client", () => {
    expectTypeOf<Prisma.ModelName>().toEqualTypeOf<PostgresPrisma.ModelName>();
    expectTypeOf<Prisma.EventGetPayload<object>>().toEqualTypeOf<PostgresPrisma.EventGetPayload<object>>();
    expectTypeOf<Prisma.ShopGetPayload<{ include: { datasets: true } }>>().toEqualTypeOf<
      PostgresPrisma.ShopGetPayload<{ include: { datasets: true } }>
    >();
    expectTypeOf<Prisma.RollupGetPayload<object>>().toEqualTypeOf<PostgresPrisma.RollupGetPayload<object>>();
    expectTypeOf<Prisma.BrowserContextGetPayload<object>>().toEqualTypeOf<
      PostgresPrisma.BrowserContextGetPayload<object>
    >();
    expectTypeOf<Prisma.AttemptGetPayload<object>>().toEqualTypeOf<PostgresPrisma.AttemptGetPayload<object>>();
    expectTypeOf<keyof PrismaClient>().toEqualTypeOf<keyof PostgresClient>();
  });
});
