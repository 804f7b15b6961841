import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { StoreName } from "../../faults/store";

/**
 * The session as Shopify's template has it, and one row for each webhook; `provider` is all that differs.
 * https://github.com/Shopify/shopify-app-template-remix/blob/main/prisma/schema.prisma
 */
const schemaOf = (provider: string) => `
generator client {
  provider   = "prisma-client-js"
  engineType = "client"
  output     = "./client"
}

datasource db {
  provider = "${provider}"
  url      = env("DATABASE_URL")
}

model Session {
  id                  String    @id
  shop                String
  state               String
  isOnline            Boolean   @default(false)
  scope               String?
  expires             DateTime?
  accessToken         String
  userId              BigInt?
  firstName           String?
  lastName            String?
  email               String?
  accountOwner        Boolean   @default(false)
  locale              String?
  collaborator        Boolean?  @default(false)
  emailVerified       Boolean?  @default(false)
  refreshToken        String?
  refreshTokenExpires DateTime?
}

model Webhook {
  id         Int      @id @default(autoincrement())
  webhookId  String   @unique
  shop       String
  topic      String
  payload    String
  receivedAt DateTime @default(now())
}
`;

const PROVIDERS = { sqlite: "sqlite", postgres: "postgresql" } as const satisfies Record<StoreName, string>;

/** Its tables, one statement each: Prisma's own tool would have to download an engine for it. */
export const TABLES: Record<StoreName, readonly string[]> = {
  sqlite: tables("INTEGER PRIMARY KEY AUTOINCREMENT", "DATETIME"),
  postgres: tables("SERIAL PRIMARY KEY", "TIMESTAMP(3)"),
};

function tables(id: string, instant: string): string[] {
  return [
    `CREATE TABLE "Session" ("id" TEXT PRIMARY KEY, "shop" TEXT NOT NULL, "state" TEXT NOT NULL,
      "isOnline" BOOLEAN NOT NULL DEFAULT false, "scope" TEXT, "expires" ${instant}, "accessToken" TEXT NOT NULL,
      "userId" BIGINT, "firstName" TEXT, "lastName" TEXT, "email" TEXT, "accountOwner" BOOLEAN NOT NULL DEFAULT false,
      "locale" TEXT, "collaborator" BOOLEAN DEFAULT false, "emailVerified" BOOLEAN DEFAULT false, "refreshToken" TEXT,
      "refreshTokenExpires" ${instant})`,
    `CREATE TABLE "Webhook" ("id" ${id}, "webhookId" TEXT NOT NULL UNIQUE, "shop" TEXT NOT NULL, "topic" TEXT NOT NULL,
      "payload" TEXT NOT NULL, "receivedAt" ${instant} NOT NULL DEFAULT CURRENT_TIMESTAMP)`,
  ];
}

/** Generates its client, unless this checkout has; answers the client's folder. */
export function generatedClient(store: StoreName): string {
  const folder = resolve("node_modules/.tandem/bench/stock", store);
  const client = join(folder, "client");
  if (existsSync(join(client, "index.js"))) return client;
  mkdirSync(folder, { recursive: true });
  const schema = join(folder, "schema.prisma");
  writeFileSync(schema, schemaOf(PROVIDERS[store]));
  const require = createRequire(import.meta.url);
  const { bin } = require("prisma/package.json") as { bin: Record<string, string> };
  const command = join(require.resolve("prisma/package.json"), "..", bin.prisma ?? "");
  execFileSync(process.execPath, [command, "generate", "--schema", schema], { stdio: ["ignore", "ignore", "inherit"] });
  return client;
}
