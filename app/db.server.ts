import { PrismaLibSQL } from "@prisma/adapter-libsql";
import { PrismaClient } from "@prisma/client";

/** Prisma's client: sessions, settings and reads. What the pipeline writes goes through app/store. */
export function openDatabase(url: string): PrismaClient {
  return new PrismaClient({ adapter: new PrismaLibSQL({ url }) });
}
