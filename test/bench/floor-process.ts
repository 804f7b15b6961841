import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Database from "libsql";
import pg from "pg";
import { isPostgres } from "~/database-address";
import { answering, settingsOf } from "./child";
import type { FrontSettings } from "./front-settings";

/**
 * As little as a webhook can cost: signature, JSON, one row of it in a commit that is shared by all who wait, an answer after
 * it. Nothing is made of it, and nothing looked up.
 */

const { url, secret, shop } = settingsOf<FrontSettings>();

interface Row {
  webhookId: string;
  topic: string;
  shop: string;
  payload: string;
}

interface FloorStore {
  write(rows: readonly Row[]): Promise<void> | void;
  durability(): Promise<string> | string;
  stored(): Promise<number> | number;
}

const TABLE = `CREATE TABLE "Webhook" ("webhookId" TEXT PRIMARY KEY, "topic" TEXT NOT NULL, "shop" TEXT NOT NULL, "payload" TEXT NOT NULL)`;

function sqliteStore(): FloorStore {
  const database = new Database(url.replace(/^file:/, ""));
  database.prepare("PRAGMA journal_mode = WAL").all();
  database.exec("PRAGMA synchronous = FULL");
  database.exec(TABLE);
  const insert = database.prepare(`
    INSERT INTO "Webhook" SELECT value->>'webhookId', value->>'topic', value->>'shop', value->>'payload'
    FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`);
  return {
    write: (rows) => void insert.run(JSON.stringify(rows)),
    durability: () => String(Object.values(database.prepare("PRAGMA synchronous").all()[0] as object)[0]),
    stored: () => Number(Object.values(database.prepare(`SELECT count(*) FROM "Webhook"`).all()[0] as object)[0]),
  };
}

async function postgresStore(): Promise<FloorStore> {
  const pool = new pg.Pool({ connectionString: url });
  await pool.query(TABLE);
  const insert = {
    name: "insert",
    text: `INSERT INTO "Webhook" SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
  };
  return {
    write: async (rows) => {
      const columns = (["webhookId", "topic", "shop", "payload"] as const).map((name) => rows.map((row) => row[name]));
      await pool.query(insert, columns);
    },
    durability: async () => (await pool.query("SHOW synchronous_commit")).rows[0].synchronous_commit,
    stored: async () => Number((await pool.query(`SELECT count(*) AS "n" FROM "Webhook"`)).rows[0].n),
  };
}

const store = isPostgres(url) ? await postgresStore() : sqliteStore();

let waiting: { row: Row; done: (ok: boolean) => void }[] = [];
let writing = false;
const MOST_ROWS = 256;

async function writeAll(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const group = waiting.slice(0, MOST_ROWS);
    waiting = waiting.slice(MOST_ROWS);
    const ok = await Promise.resolve(store.write(group.map(({ row }) => row))).then(
      () => true,
      () => false,
    );
    for (const { done } of group) done(ok);
    // Those that arrived meanwhile are heard first.
    await new Promise(setImmediate);
  }
  writing = false;
}

function commit(row: Row): Promise<boolean> {
  const committed = new Promise<boolean>((done) => waiting.push({ row, done }));
  if (!writing) {
    writing = true;
    setImmediate(() => void writeAll());
  }
  return committed;
}

function receive(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => void answer(Buffer.concat(chunks), request, response));
}

async function answer(body: Buffer, { headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  const signature = Buffer.from(String(headers["x-shopify-hmac-sha256"]), "base64");
  const own = createHmac("sha256", secret).update(body).digest();
  if (signature.length !== own.length || !timingSafeEqual(signature, own)) return end(response, 401);
  const order: { id: number; email: string } = JSON.parse(body.toString());
  const payload = JSON.stringify({ order, more: undefined }).slice(0, KEPT_CHARACTERS);
  const row = {
    webhookId: String(headers["x-shopify-webhook-id"]),
    topic: String(headers["x-shopify-topic"]),
    shop,
    payload,
  };
  end(response, (await commit(row)) ? 200 : 503);
}

/** About what a row of ours weighs. */
const KEPT_CHARACTERS = 1_300;

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-length": 0 }).end();
}

const server = createServer({ keepAliveTimeout: 60_000 }, receive);

const questions = {
  port: () => (server.address() as AddressInfo).port,
  durability: () => store.durability(),
  stored: () => store.stored(),
};

server.listen(0, "127.0.0.1", () => answering(questions));
