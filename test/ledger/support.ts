import { spawnSync } from "node:child_process";
import { isPostgres } from "~/database-address";
import { type Verified, verifyLedger } from "~/ledger/verify.server";
import type { LedgerLine } from "~/store/rows";
import { type Ran, storeEnvOf, tandem } from "../cli/run";
import { order } from "../fixtures/order";
import { SHOP, type TestPipeline } from "../support/pipeline";

/** The lines of the test's shop, in their order. */
export function linesOf({ store, shop }: TestPipeline): Promise<LedgerLine[]> {
  return store.ledgerLines(shop().id, 0, 10_000);
}

/** Those that count. */
export async function currentLinesOf(pipeline: TestPipeline): Promise<LedgerLine[]> {
  return (await linesOf(pipeline)).filter(({ current }) => current);
}

/** Orders of this shop, each sent and sealed. */
export async function sold(pipeline: TestPipeline, orders: number, from = 5550001): Promise<void> {
  for (let n = 0; n < orders; n += 1) {
    await pipeline.webhook("orders/create", order({ id: from + n, checkoutToken: `token${from + n}` }));
  }
  await pipeline.seal();
  await pipeline.drain();
  await pipeline.seal();
}

export async function verified(
  pipeline: TestPipeline,
  known: { n: number; hash: string } | null = null,
): Promise<Verified> {
  const { id, domain, datasets } = pipeline.shop();
  const result = await verifyLedger({ id, domain, datasets }, known, pipeline.store);
  if (result === null) throw new Error("the shop has no ledger");
  return result;
}

/** Somebody with the database's password. */
export async function tamper({ db }: TestPipeline, sql: string): Promise<void> {
  await db.$executeRawUnsafe(sql);
}

export function ledgerCommand({ path, keyring, clock }: TestPipeline, args: string): Promise<Ran> {
  return tandem(`ledger ${args}`.split(" "), { env: storeEnvOf(path, keyring[0].bytes), now: clock.now() });
}

export async function exported(pipeline: TestPipeline, format = "jsonl"): Promise<string> {
  return (await ledgerCommand(pipeline, `export --shop ${SHOP} --format ${format}`)).out;
}

/** What somebody says who has the export and docs/ledger.md, and nothing of ours. */
export function stranger(text: string): { status: number | null; says: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["test/ledger/stranger.mjs"], { input: text });
  return { status, says: `${stdout}${stderr}`.trim() };
}

/** How this database spells what the tests put into it. */
export function truth({ path }: TestPipeline, value: boolean): string {
  return isPostgres(path) ? String(value) : String(Number(value));
}
