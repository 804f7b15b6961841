import { createRequire } from "node:module";
import { PrismaLibSQL } from "@prisma/adapter-libsql";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import { isPostgres } from "./database-address";

/**
 * Prisma's client: sessions, settings and reads. What the pipeline writes goes through app/store. The two databases have a
 * client each, generated of the same models: test/store/schemas.test.ts holds them together.
 */
export function openDatabase(url: string): PrismaClient {
  if (!isPostgres(url)) return new PrismaClient({ adapter: new PrismaLibSQL({ url }) });
  const { PrismaClient: PostgresClient }: { PrismaClient: typeof PrismaClient } = createRequire(import.meta.url)(
    ".prisma/client-postgres",
  );
  return new PostgresClient({ adapter: new PrismaPg({ connectionString: url }) });
}
