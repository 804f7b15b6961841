import { describe, expect, it } from "vitest";
import { SHOP, testPipeline } from "../support/pipeline";
import { exported, ledgerCommand, linesOf, sold, stranger } from "./support";

describe("tandem ledger verify", () => {
  it("says how many lines hold, and the head", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 2);
    const head = (await linesOf(pipeline)).at(-1)?.hash;
    const { code, out } = await ledgerCommand(pipeline, "verify");
    expect({ code, out }).toEqual({
      code: 0,
      out: `${SHOP}  4 lines, none changed, removed or moved; head 4.${head} (give --head, with one from an earlier export or mail, to see a cut as well)\n`,
    });
    const json = await ledgerCommand(pipeline, `verify --shop ${SHOP} --head 4.${head} --json`);
    expect(JSON.parse(json.out)).toEqual([{ shop: SHOP, lines: 4, head: `4.${head}`, broken: null }]);
  });

  it("says so where there is nothing yet", async () => {
    const { code, out } = await ledgerCommand(await testPipeline(), "verify");
    expect({ code, out }).toEqual({ code: 0, out: `${SHOP}  no lines yet\n` });
  });

  it.each([
    ["verify --head 12", "--head: must be a line's number and hash"],
    ["verify --shop other-shop.myshopify.com", "--shop: other-shop.myshopify.com is not connected"],
    ["show", "ledger: must be followed by verify or export"],
    [`export --shop ${SHOP}`, "--format: must be one of jsonl, csv"],
    [`export --shop ${SHOP} --format csv`, `--shop: ${SHOP} has no ledger yet`],
  ])("refuses %s, and says what to do", async (args, says) => {
    const { code, out, err } = await ledgerCommand(await testPipeline(), args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
  });
});

describe("tandem ledger export", () => {
  it("gives all that somebody needs to check it who has nothing of ours", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 3);
    const text = await exported(pipeline);
    const [preamble, first] = text.split("\n").map((line) => (line === "" ? null : JSON.parse(line)));
    expect(preamble).toMatchObject({ format: "tandem-ledger-1", shop: SHOP, checkpoint: `0.${"0".repeat(64)}` });
    expect(first).toMatchObject({ n: "1", order: "5550001", outcome: "waiting", value: "64.50", currency: "USD" });
    expect(stranger(text)).toEqual({ status: 0, says: "6 lines hold" });
  });

  it("prints the head beside it", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 1);
    const { err } = await ledgerCommand(pipeline, `export --shop ${SHOP} --format jsonl`);
    expect(err).toContain(`head 2.${(await linesOf(pipeline)).at(-1)?.hash}`);
  });

  it("gives the same as a table", async () => {
    const pipeline = await testPipeline();
    await sold(pipeline, 1);
    const [preamble, columns, ...lines] = (await exported(pipeline, "csv")).split("\r\n");
    expect(preamble).toMatch(
      /^# tandem-ledger-1 example-shop\.myshopify\.com checkpoint=0\.0{64} head=2\.[0-9a-f]{64}$/,
    );
    expect(columns).toMatch(/^shop,n,sealed_at,dataset,.*,hash,current$/);
    expect(lines.map((line) => line.split(",").length)).toEqual([25, 25, 1]);
    expect(lines[1]).toMatch(/,yes$/);
  });
});
