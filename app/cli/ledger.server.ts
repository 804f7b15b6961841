import { counted } from "../counted";
import { FORMAT, headOf, headText, type Place } from "../ledger/chain.server";
import { EXPORT_FORMATS, exportedLine } from "../ledger/export";
import { isPruned, type LedgerShop, type Verified, verifyLedger } from "../ledger/verify.server";
import type { LedgerHead } from "../store/rows";
import { BadInput, type Command, type CommandContext, type ExitCode, flagsOf, shopFlag } from "./command.server";
import { type OpenStore, withStore } from "./open-store.server";

/** The proof of what became of every order: docs/ledger.md */
export const ledger: Command = {
  usage: "ledger verify [--shop S] [--head H] [--json]\n" + "       ledger export --shop S --format jsonl|csv",
  does: "verify: whether every line of the ledger is what was sealed, and names the first that is not; export: all of it",
  async run([verb, ...args], context) {
    if (verb === "verify") return verify(args, context);
    if (verb === "export") return exportLines(args, context);
    throw new BadInput("ledger", "must be followed by verify or export");
  },
};

function verify(args: string[], context: CommandContext): Promise<ExitCode> {
  const flags = flagsOf(args, { shop: "string", head: "string", json: "boolean" });
  const known = flags.head === undefined ? null : headFlag(flags.head);
  const domain = flags.shop === undefined ? null : shopFlag(flags.shop);
  return withStore<ExitCode>(context, async (open) => {
    const shops = await shopsOf(open, domain);
    if (known !== null && shops.length > 1) throw new BadInput("--shop", "must say whose head --head is");
    const results: Result[] = [];
    for (const shop of shops) results.push({ shop: shop.domain, ...(await verifiedOf(shop, known, open)) });
    context.terminal.out(
      flags.json === true
        ? `${JSON.stringify(results.map(jsonOf))}\n`
        : results.map((result) => lineOf(result, known !== null)).join(""),
    );
    return results.every(({ verified }) => verified === null || verified.broken === null) ? 0 : 1;
  });
}

interface Result {
  shop: string;
  /** Null: there are no lines yet. */
  verified: Verified | null;
}

async function verifiedOf(
  shop: LedgerShop,
  known: Place | null,
  { store }: OpenStore,
): Promise<Pick<Result, "verified">> {
  const verified = await verifyLedger(shop, known, store);
  if (known !== null && verified === null) return { verified: nothingLeft(known) };
  if (known !== null && verified !== null && isPruned(known, verified.head)) {
    throw new BadInput(
      "--head",
      `is older than what is kept: the chain begins after line ${verified.head.checkpointN}. ` +
        "If it is younger than lines are kept (RETENTION_DAYS, ledger), its beginning was removed",
    );
  }
  return { verified };
}

/** There was a chain, and it is gone. */
function nothingLeft(known: Place): Verified {
  const head: LedgerHead = { n: 0, hash: "", checkpointN: 0, checkpointHash: "" };
  return { lines: 0, head, broken: { n: 1, says: `is missing: line ${known.n} was known, and there is none` } };
}

function jsonOf({ shop, verified }: Result) {
  if (verified === null) return { shop, lines: 0, head: null, broken: null };
  const { lines, head, broken } = verified;
  return { shop, lines, head: headText(head), broken: broken === null ? null : { line: broken.n, says: broken.says } };
}

/** Who can write to the database can cut a chain's end, or make all of it anew: only a head kept elsewhere tells. */
const UNKNOWN_HEAD = " (give --head, with one from an earlier export or mail, to see a cut as well)";

function lineOf({ shop, verified }: Result, known: boolean): string {
  if (verified === null) return `${shop}  no lines yet\n`;
  const { lines, head, broken } = verified;
  if (broken !== null) return `${shop}  line ${broken.n} ${broken.says}\n`;
  return `${shop}  ${counted(lines, "line")}, none changed, removed or moved; head ${headText(head)}${known ? "" : UNKNOWN_HEAD}\n`;
}

const PAGE = 500;

function exportLines(args: string[], context: CommandContext): Promise<ExitCode> {
  const flags = flagsOf(args, { shop: "string", format: "string" });
  const domain = shopFlag(flags.shop);
  const format = Object.entries(EXPORT_FORMATS).find(([name]) => name === flags.format)?.[1];
  if (format === undefined) throw new BadInput("--format", `must be one of ${Object.keys(EXPORT_FORMATS).join(", ")}`);
  return withStore<ExitCode>(context, async (open) => {
    const [shop] = await shopsOf(open, domain);
    const head = shop && (await open.store.ledgerHead(shop.id));
    if (!shop || !head) throw new BadInput("--shop", `${domain} has no ledger yet: no order has come`);
    const checkpoint = headText({ n: head.checkpointN, hash: head.checkpointHash });
    const { terminal } = context;
    terminal.out(format.begin({ format: FORMAT, shop: shop.domain, checkpoint, head: headText(head) }));
    const numbers = new Map(shop.datasets.map(({ id, dataset }) => [id, dataset]));
    for (let after = head.checkpointN; after < head.n; ) {
      const lines = await open.store.ledgerLines(shop.id, after, Math.min(PAGE, head.n - after));
      const last = lines.at(-1);
      if (last === undefined) break;
      const texts = lines.map((line) =>
        format.line(exportedLine(line, { shop: shop.domain, dataset: numbers.get(line.datasetId) ?? "" })),
      );
      terminal.out(texts.join(""));
      after = last.n;
    }
    terminal.err(`head ${headText(head)}`);
    return 0;
  });
}

async function shopsOf({ db }: OpenStore, domain: string | null): Promise<LedgerShop[]> {
  const select = { id: true, domain: true, datasets: { select: { id: true, dataset: true } } };
  const shops = await db.shop.findMany({ select, orderBy: { id: "asc" }, ...(domain && { where: { domain } }) });
  if (domain !== null && shops.length === 0) throw new BadInput("--shop", `${domain} is not connected; see: shop list`);
  return shops;
}

function headFlag(text: string): Place {
  const head = headOf(text);
  if (head === null)
    throw new BadInput("--head", "must be a line's number and hash, as an export prints them: 12.3af…");
  return head;
}
