import { describe, expect, it } from "vitest";
import { commitmentOf, hashOf, headText } from "~/ledger/chain.server";
import { ERASABLE_FIELDS } from "~/ledger/line";
import { customerRedact } from "../fixtures/notices";
import { order } from "../fixtures/order";
import { DAY_MS } from "../pipeline/seen";
import { SHOP, type TestPipeline, testPipeline } from "../support/pipeline";
import { exported, ledgerCommand, linesOf, sold, stranger, tamper, verified } from "./support";

const ORDERS = 4;
/** Each order waits, and is then accepted. */
const LINES = 2 * ORDERS;

async function ledger(): Promise<TestPipeline> {
  const pipeline = await testPipeline();
  await sold(pipeline, ORDERS);
  return pipeline;
}

async function headOf({ store, shop }: TestPipeline) {
  const head = await store.ledgerHead(shop().id);
  if (head === null) throw new Error("no head");
  return head;
}

const SOMEBODY_ELSE = {
  customer: { id: 777_000_777 },
  email: "somebody.else@example.org",
  contact_email: null,
  phone: null,
  billing_address: null,
  shipping_address: null,
  browser_ip: null,
  client_details: null,
  note_attributes: [],
};

/** Every column that is hashed, with another value. */
const CHANGES: Record<string, string> = {
  sealedAt: `"sealedAt" + 1`,
  event: `'Lead'`,
  source: `'pos'`,
  outcome: `'skipped'`,
  reason: `'test_order'`,
  until: "5",
  browser: `'left'`,
  lagMs: "5",
  salt: `'00'`,
  order: `'5559999'`,
  eventId: `'purchase.other'`,
  createdAt: `"createdAt" + 1`,
  value: `'59.91'`,
  currency: `'CAD'`,
  shopValue: `'0.01'`,
  shopCurrency: `'CAD'`,
  fbtraceId: `'Aother'`,
  answeredAt: "5",
  bytesHash: `'00'`,
  commitment: `'00'`,
  hash: `'00'`,
};

describe("the chain", () => {
  it.each([
    ["a last word that is not shown", `UPDATE "LedgerLine" SET "current" = FALSE WHERE "n" = 6`, 6],
    [
      "a line behind the head",
      `UPDATE "LedgerHead" SET "n" = 7, "hash" = (SELECT "hash" FROM "LedgerLine" WHERE "n" = 7)`,
      8,
    ],
    ["a chain whose head is gone", `DELETE FROM "LedgerHead"`, 1],
  ])("names what no hash covers: %s", async (_what, sql, line) => {
    const pipeline = await ledger();
    await tamper(pipeline, sql);
    expect((await verified(pipeline)).broken?.n).toBe(line);
  });

  it("names an older line that is shown as the last word", async () => {
    const pipeline = await ledger();
    await tamper(pipeline, `UPDATE "LedgerLine" SET "current" = FALSE WHERE "n" = 5`);
    await tamper(pipeline, `UPDATE "LedgerLine" SET "current" = TRUE WHERE "n" = 1`);
    expect((await verified(pipeline)).broken?.n).toBe(1);
  });

  it("names a line whose instant was made none, instead of failing over it", async () => {
    const pipeline = await ledger();
    await tamper(pipeline, `UPDATE "LedgerLine" SET "createdAt" = 9000000000000000 WHERE "n" = 3`);
    expect((await verified(pipeline)).broken?.n).toBe(3);
  });

  it("holds as it was sealed, and goes on from where it was", async () => {
    const pipeline = await ledger();
    const known = await headOf(pipeline);
    expect(known.n).toBe(LINES);
    expect(await verified(pipeline)).toMatchObject({ lines: LINES, broken: null });
    await sold(pipeline, 1, 5551000);
    expect(await verified(pipeline, known)).toMatchObject({ lines: LINES + 2, broken: null });
  });

  it.each(Object.entries(CHANGES))("is broken at the line whose %s was changed", async (column, other) => {
    const pipeline = await ledger();
    await tamper(pipeline, `UPDATE "LedgerLine" SET "${column}" = ${other} WHERE "n" = 5`);
    expect((await verified(pipeline)).broken?.n).toBe(5);
    expect(stranger(await exported(pipeline))).toEqual({ status: 1, says: "broken at line 5" });
  });

  it("is broken where a dataset's number, or the shop's name, was changed", async () => {
    const pipeline = await ledger();
    await tamper(pipeline, `UPDATE "Dataset" SET "dataset" = '999'`);
    expect((await ledgerCommand(pipeline, "verify")).out).toContain("line 1 is not what was sealed");
  });

  it("is broken where a line was taken out", async () => {
    const pipeline = await ledger();
    await tamper(pipeline, `DELETE FROM "LedgerLine" WHERE "n" = 3`);
    expect((await verified(pipeline)).broken).toEqual({ n: 3, says: "is missing: line 4 comes next" });
    expect(stranger(await exported(pipeline)).says).toBe("broken at line 3");
  });

  it("is broken where two lines changed places", async () => {
    const pipeline = await ledger();
    await tamper(pipeline, `UPDATE "LedgerLine" SET "n" = 100 WHERE "n" = 3`);
    await tamper(pipeline, `UPDATE "LedgerLine" SET "n" = 3 WHERE "n" = 4`);
    await tamper(pipeline, `UPDATE "LedgerLine" SET "n" = 4 WHERE "n" = 100`);
    expect((await verified(pipeline)).broken?.n).toBe(3);
  });

  it("is broken where its end was cut off", async () => {
    const pipeline = await ledger();
    await tamper(pipeline, `DELETE FROM "LedgerLine" WHERE "n" > 6`);
    expect((await verified(pipeline)).broken).toEqual({ n: 7, says: `is missing: the last line is ${LINES}` });
    expect(stranger(await exported(pipeline)).says).toBe("broken at line 7");
  });

  it("is broken below a known head, also for who moves the head with the cut", async () => {
    const pipeline = await ledger();
    const known = await headOf(pipeline);
    const sixth = (await linesOf(pipeline))[5];
    await tamper(pipeline, `DELETE FROM "LedgerLine" WHERE "n" > 6`);
    await tamper(pipeline, `UPDATE "LedgerHead" SET "n" = 6, "hash" = '${sixth?.hash}'`);
    // The orders whose last words were cut are left without.
    expect((await verified(pipeline)).broken?.n).toBe(3);
    await tamper(pipeline, `UPDATE "LedgerLine" SET "current" = TRUE WHERE "n" IN (3, 4)`);
    expect((await verified(pipeline)).broken).toBeNull();
    expect((await verified(pipeline, known)).broken).toEqual({ n: 7, says: `is missing: line ${LINES} was known` });
  });

  it("is broken at a known head where somebody wrote all of it anew", async () => {
    const pipeline = await ledger();
    const known = await headOf(pipeline);
    const { dataset } = pipeline.shop().datasets[0] ?? { dataset: "" };
    const lines = (await linesOf(pipeline)).map((line) => (line.n === 2 ? { ...line, value: "1.00" } : line));
    let { checkpointHash: hash } = known;
    for (const line of lines) {
      const commitment = commitmentOf(line, line.salt ?? "");
      hash = hashOf(line, commitment, hash, { shop: SHOP, dataset });
      await tamper(
        pipeline,
        `UPDATE "LedgerLine" SET "value" = '${line.value}', "commitment" = '${commitment}', "hash" = '${hash}' WHERE "n" = ${line.n}`,
      );
    }
    await tamper(pipeline, `UPDATE "LedgerHead" SET "hash" = '${hash}'`);
    expect((await verified(pipeline)).broken).toBeNull();
    expect((await verified(pipeline, known)).broken?.n).toBe(LINES);
    const { code, out } = await ledgerCommand(pipeline, `verify --shop ${SHOP} --head ${headText(known)}`);
    expect({ code, out }).toEqual({
      code: 1,
      out: `${SHOP}  line ${LINES} is not the line that was known: it, or one before it, was written anew\n`,
    });
  });

  it("is broken where all of it is gone and a head was known", async () => {
    const pipeline = await ledger();
    const known = await headOf(pipeline);
    await tamper(pipeline, `DELETE FROM "LedgerLine"`);
    await tamper(pipeline, `DELETE FROM "LedgerHead"`);
    const { code, out } = await ledgerCommand(pipeline, `verify --head ${headText(known)}`);
    expect({ code, out }).toEqual({
      code: 1,
      out: `${SHOP}  line 1 is missing: line ${LINES} was known, and there is none\n`,
    });
  });

  it("holds after an erasure, of which it keeps what names nobody", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 1);
    await pipeline.webhook("orders/create", {
      ...order({ id: 5550002, checkoutToken: "token5550002" }),
      ...SOMEBODY_ELSE,
    });
    await pipeline.drain();
    await pipeline.webhook("orders/create", order({ id: 5550003, checkoutToken: "token5550003" }));
    await pipeline.seal();
    const known = await headOf(pipeline);
    const [other] = (await linesOf(pipeline)).filter((line) => line.order === "5550002");
    await pipeline.webhook("customers/redact", { ...customerRedact, orders_to_redact: [5550001, 5550003] });
    await pipeline.notices();
    await pipeline.drain();
    await pipeline.seal();

    const lines = await linesOf(pipeline);
    expect(lines.filter(({ salt }) => salt !== null)).toEqual([other]);
    const erased = lines.filter(({ salt }) => salt === null);
    expect(erased.map(({ source, outcome, reason, current }) => `${source} ${outcome} ${reason} ${current}`)).toEqual([
      "web waiting null false",
      "web accepted null true",
      "web waiting null false",
      "web withheld redacted true",
    ]);
    for (const line of erased) {
      expect(line).toMatchObject({
        order: null,
        eventId: null,
        createdAt: null,
        value: null,
        currency: null,
        shopValue: null,
        shopCurrency: null,
        fbtraceId: null,
        answeredAt: null,
        bytesHash: null,
      });
    }
    expect((await verified(pipeline, known)).broken).toBeNull();
    expect(stranger(await exported(pipeline))).toEqual({ status: 0, says: `${lines.length} lines hold` });
  });

  it("is broken where of an erased line something came back", async () => {
    const pipeline = await ledger();
    await tamper(
      pipeline,
      `UPDATE "LedgerLine" SET "salt" = NULL, "order" = NULL, "eventId" = NULL, "createdAt" = NULL, "currency" = NULL,
       "shopValue" = NULL, "shopCurrency" = NULL, "fbtraceId" = NULL, "answeredAt" = NULL, "bytesHash" = NULL WHERE "n" = 2`,
    );
    expect((await verified(pipeline)).broken).toEqual({ n: 2, says: "was erased, but not all of it" });
  });

  it("goes on from a checkpoint once its beginning is no longer kept", async () => {
    const pipeline = await ledger();
    const first = await headOf(pipeline);
    pipeline.clock.pass(DAY_MS);
    await sold(pipeline, 2, 5551000);
    const forgotten = await pipeline.store.forget("ledger", pipeline.clock.now() - DAY_MS / 2, 5);
    expect(forgotten).toBe(5);
    expect(await pipeline.store.forget("ledger", pipeline.clock.now() - DAY_MS / 2, 5)).toBe(LINES - 5);
    const head = await headOf(pipeline);
    expect(head).toMatchObject({ n: LINES + 4, checkpointN: LINES, checkpointHash: first.hash });
    expect(await verified(pipeline, first)).toMatchObject({ lines: 4, broken: null });
    expect(stranger(await exported(pipeline))).toEqual({ status: 0, says: "4 lines hold" });
    const older = await ledgerCommand(pipeline, `verify --head 2.${first.hash}`);
    expect(older.code).toBe(2);
    expect(older.err).toContain(`--head: is older than what is kept: the chain begins after line ${LINES}`);
  });

  it("hides what can be erased: the same order has another commitment each time", async () => {
    const pipeline = await ledger();
    const lines = await linesOf(pipeline);
    expect(new Set(lines.map(({ salt }) => salt)).size).toBe(LINES);
    expect(lines[0]?.salt).toMatch(/^[0-9a-f]{32}$/);
    expect(ERASABLE_FIELDS).toHaveLength(10);
  });
});
