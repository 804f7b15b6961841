import { receiptSchema, receiptWords } from "../privacy/receipt";
import { COMPLIANCE_TOPICS } from "../privacy/topics";
import { BadInput, type Command, type CommandContext, type ExitCode, flagsOf } from "./command.server";
import { withStore } from "./open-store.server";

/** What was done when shoppers and merchants asked: the evidence, without anybody's data. */
export const privacy: Command = {
  usage: "privacy receipts [--json]",
  does: "lists what was done about requests to see and to erase data, those of shops that are gone too",
  async run([verb, ...args], context) {
    if (verb !== "receipts") throw new BadInput("privacy", "must be followed by receipts");
    const { json } = flagsOf(args, { json: "boolean" });
    return receipts(json === true, context);
  },
};

async function receipts(json: boolean, context: CommandContext): Promise<ExitCode> {
  return withStore<ExitCode>(context, async ({ db }) => {
    const rows = await db.notice.findMany({
      where: { topic: { in: COMPLIANCE_TOPICS } },
      orderBy: { id: "asc" },
    });
    const shops = await db.shop.findMany({ select: { id: true, domain: true } });
    const domains = new Map(shops.map(({ id, domain }) => [id, domain]));
    const list = rows.map((row) => ({
      request: row.topic,
      shop: domains.get(row.shopId) ?? null,
      asked_at: iso(row.receivedAt),
      done_at: row.closedAt === null ? null : iso(row.closedAt),
      files_clean_at: row.sweptAt === null ? null : iso(row.sweptAt),
      receipt: row.receipt === null ? null : receiptSchema.parse(JSON.parse(row.receipt)),
    }));
    if (json) context.terminal.out(`${JSON.stringify(list)}\n`);
    else {
      for (const { request, shop, asked_at, done_at, receipt } of list) {
        const did =
          done_at === null ? "open" : `done ${done_at}${receipt === null ? "" : `  ${receiptWords(receipt)}`}`;
        context.terminal.out(`${asked_at}  ${request}  ${shop ?? "a shop that is gone"}  ${did}\n`);
      }
    }
    return list.every(({ done_at }) => done_at !== null) ? 0 : 1;
  });
}

function iso(at: bigint): string {
  return new Date(Number(at)).toISOString();
}
