import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { isPostgres } from "~/database-address";
import { contentOf, foundIn } from "../../support/content";
import { inPostgres } from "../../support/psql";

/** Places by name, and what stands there as text of bytes (Latin-1). */
export type Evidence = Map<string, string>;

/** Where these words stand, in whatever spelling a machine gives them. */
export function hits(evidence: Evidence, words: readonly string[]): string[] {
  return foundIn(evidence, [...new Set(words.flatMap(spellings))]).sort();
}

/** As it is, in a URL, in a form, in JSON, and in base64 wherever it begins. */
function spellings(word: string): string[] {
  const inJson = JSON.stringify(word).slice(1, -1);
  const inUrl = encodeURIComponent(word);
  return [
    ...new Set([
      word,
      inJson,
      word.replaceAll("/", "\\/"),
      inUrl,
      inUrl.replaceAll("%20", "+"),
      encodeURI(word),
      ...[0, 1, 2].map((offset) => inBase64(word, offset)).filter(({ length }) => length >= UNMISTAKABLE),
    ]),
  ];
}

/** Shorter, chance makes it out of sealed bytes. */
const UNMISTAKABLE = 8;

/** The characters of base64 that tell of nothing but the word, when so many bytes stand before it. */
function inBase64(word: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(word)]);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64");
  return whole.slice(offset === 0 ? 0 : 4);
}

export function bytesOf(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** Every file of a folder, however deep. */
export function filesIn(folder: string): Evidence {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(folder, path)).toString("latin1")]));
}

/**
 * All that a store has written: of SQLite every file; of PostgreSQL every row, the files of its database, the log of its server
 * and its log of changes since `from`, that of all databases of the cluster.
 */
export function storeOf(address: string, from: string | null): Evidence {
  return new Map([...contentOf(address), ...(from === null ? [] : filesOfPostgres(address, from))]);
}

/**
 * The file of PostgreSQL's log of changes that is being written; from it on none is used anew until the test is over, however
 * busy others of the cluster are. Null for SQLite, whose log lies among its files.
 */
export function keepChanges(address: string): string | null {
  if (!isPostgres(address)) return null;
  const slot = `canary_${randomUUID().replaceAll("-", "")}`;
  inPostgres(address, `SELECT pg_create_physical_replication_slot('${slot}', true)`);
  onTestFinished(() => void inPostgres(address, `SELECT pg_drop_replication_slot('${slot}')`));
  return changesFile(address);
}

function changesFile(address: string): string {
  return inPostgres(address, "SELECT pg_walfile_name(pg_current_wal_lsn())");
}

/** PostgreSQL's cache of its catalogue: it holds no rows, and comes and goes as connections open. */
const CACHE_OF_NAMES = "pg_internal.init";

function filesOfPostgres(address: string, from: string): Evidence {
  inPostgres(address, "CHECKPOINT");
  const to = changesFile(address);
  const [folder = "", database = ""] = inPostgres(
    address,
    "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()",
  ).split("|");
  const changes = readdirSync(join(folder, "pg_wal")).filter((name) => name >= from && name <= to);
  const paths = [
    join(folder, "..", "log"),
    ...changes.map((name) => join(folder, "pg_wal", name)),
    ...readdirSync(join(folder, "base", database))
      .filter((name) => name !== CACHE_OF_NAMES)
      .map((name) => join(folder, "base", database, name)),
  ];
  return new Map(paths.map((path) => [path.slice(folder.length), readFileSync(path).toString("latin1")]));
}
