import { dirname } from "node:path";
import { z } from "zod";
import { isPostgres } from "./database-address";

/**
 * The environment, parsed once; nobody else reads process.env. Every missing or malformed name gets one line that says
 * what to do.
 */

const text = z.string().trim().min(1);
/** An empty variable counts as absent: `FOO= npm start` is how shells spell "unset". */
function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (typeof value === "string" && value.trim() === "" ? undefined : value), schema);
}
const key32 = text.refine((value) => Buffer.from(value, "base64").length === 32, {
  message: "must be 32 bytes in base64; make one with: openssl rand -base64 32",
});
const url = z.url({ protocol: /^https?$/, message: "must be an http(s) URL" });
const flag = z.enum(["0", "1"], { message: "must be 0 or 1" }).transform((value) => value === "1");

/** Of the options that such an address could carry none is taken: each of them would weaken the connection. */
function isSmtpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(value);
  const server = ["smtp:", "smtps:"].includes(protocol) && hostname !== "";
  const escaped = /^(?:[^%]|%[\da-f]{2})*$/i.test(username + password);
  return server && escaped && ["", "/"].includes(pathname) && search + hash === "";
}

/** An address, or one with a name before it; on one line. */
const MAILBOX =
  /^(?:[^<>@",;\r\n]{1,100} <[^\s<>@",;]{1,64}@[^\s<>@",;]{1,255}>|[^\s<>@",;]{1,64}@[^\s<>@",;]{1,255})$/;

const storeSchema = z.object({
  NODE_ENV: optional(z.string().optional()),
  DATABASE_URL: optional(
    z
      .string()
      .refine((value) => /^file:.*[^/]$/.test(value) || (isPostgres(value) && URL.canParse(value)), {
        message: "must be file:<path> or postgresql://…",
      })
      .default("file:./data/tandem.sqlite"),
  ),
  ENCRYPTION_KEY: optional(key32.optional()),
  ENCRYPTION_KEYS_OLD: optional(
    text
      .transform((value) => value.split(",").map((part) => part.trim()))
      .pipe(z.array(key32))
      .optional(),
  ),
  MIGRATE: optional(flag.default(true)),
  LOG_LEVEL: optional(
    z
      .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
        message: "must be trace, debug, info, warn, error, fatal or silent",
      })
      .default("info"),
  ),
  RETENTION_DAYS: optional(z.string().default("")),
  META_GRAPH_URL: optional(url.default("https://graph.facebook.com")),
  META_GRAPH_VERSION: optional(
    z
      .string()
      .regex(/^v\d+\.\d+$/, "must look like v25.0")
      .default("v25.0"),
  ),
  META_TR_URL: optional(url.default("https://www.facebook.com/tr")),
  SMTP_URL: optional(
    z
      .string()
      .refine(isSmtpUrl, { message: "must look like smtps://name:password@host:465 or smtp://host:587" })
      .optional(),
  ),
  ALERT_FROM: optional(z.string().regex(MAILBOX, "must be an e-mail address, or Name <address>").optional()),
});

const port = z.coerce.number({ message: "must be a port number" }).int().min(0).max(65535);
const serverShape = storeSchema.extend({
  PORT: optional(port.default(3000)),
  LISTEN_HOST: optional(text.default("127.0.0.1")),
  SHOPIFY_API_KEY: text,
  SHOPIFY_API_SECRET: text,
  SHOPIFY_API_SECRET_OLD: optional(text.optional()),
  SHOPIFY_APP_URL: optional(url),
  SCOPES: optional(z.string().optional()),
  ROLE: optional(z.enum(["all", "web", "worker"], { message: "must be all, web or worker" }).default("all")),
  TRUSTED_PROXIES: optional(
    z.coerce.number({ message: "must be the number of proxies in front" }).int().min(0).max(10).default(0),
  ),
  METRICS_TOKEN: optional(text.optional()),
});

const serverSchema = serverShape.refine(({ ROLE, DATABASE_URL }) => ROLE === "all" || isPostgres(DATABASE_URL), {
  path: ["ROLE"],
  message: "must be all on SQLite, which takes one server: web and worker need PostgreSQL",
});

export type StoreEnv = z.output<typeof storeSchema>;
export type ServerEnv = z.output<typeof serverSchema>;
export type Role = ServerEnv["ROLE"];

/** The environment is not usable; `message` has one line per name. */
export class EnvError extends Error {
  override name = "EnvError";
}

type Source = Record<string, string | undefined>;

function parse<T extends z.ZodType>(schema: T, source: Source): z.output<T> {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? "environment");
    return source[name]?.trim() ? `${name} ${issue.message}` : `${name} is required`;
  });
  throw new EnvError(lines.join("\n"));
}

/** What the command line needs. Throws EnvError. */
export function storeEnv(source: Source = process.env): StoreEnv {
  return parse(storeSchema, source);
}

/** What the server needs. `shopify app dev` sets HOST in place of SHOPIFY_APP_URL. Throws EnvError. */
export function serverEnv(source: Source = process.env): ServerEnv {
  const { SHOPIFY_APP_URL, HOST } = source;
  const standIn = HOST?.startsWith("http") ? HOST : undefined;
  return parse(serverSchema, { ...source, SHOPIFY_APP_URL: SHOPIFY_APP_URL?.trim() ? SHOPIFY_APP_URL : standIn });
}

/** Where the database is, as app/store opens it: the path of a SQLite file, or PostgreSQL's URL. */
export function databaseAddress({ DATABASE_URL }: Pick<StoreEnv, "DATABASE_URL">): string {
  return isPostgres(DATABASE_URL) ? DATABASE_URL : DATABASE_URL.slice("file:".length);
}

/** How mail leaves. `url` holds a password: it belongs into no log and no error. */
export interface MailEnv {
  url: string;
  from: string;
}

/** Null: no mail is sent. Throws EnvError. */
export function mailEnv({ SMTP_URL, ALERT_FROM }: Pick<StoreEnv, "SMTP_URL" | "ALERT_FROM">): MailEnv | null {
  if (SMTP_URL === undefined) return null;
  if (ALERT_FROM === undefined)
    throw new EnvError("ALERT_FROM is required with SMTP_URL: the address that mail comes from");
  return { url: SMTP_URL, from: ALERT_FROM };
}

/** Where the operator's own files lie, such as the key that is made where none is given. */
export function dataFolder({ DATABASE_URL }: Pick<StoreEnv, "DATABASE_URL">): string {
  return isPostgres(DATABASE_URL) ? "data" : dirname(DATABASE_URL.slice("file:".length));
}

/** This process's environment, with some names set. */
export function processEnv(over: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...over };
}
