import { FORMAT, headText } from "../ledger/chain.server";
import { EXPORT_FORMATS, exportedLine } from "../ledger/export";
import type { Shop } from "../settings/registry.server";
import type { LinePlace, Store } from "../store/store.server";
import { type ReconciliationQuery, spanOf } from "./reconciliation-query";

const PAGE = 500;

/** The lines of the export that count, newest first, page by page: nobody holds all of them at once. */
export async function linesCsv(
  store: Pick<Store, "ledgerHead" | "currentLines">,
  { id, domain, datasets }: Pick<Shop, "id" | "domain" | "datasets">,
  query: ReconciliationQuery,
): Promise<ReadableStream<Uint8Array>> {
  const { begin, line } = EXPORT_FORMATS.csv;
  const head = await store.ledgerHead(id);
  const numbers = new Map(datasets.map((one) => [one.id, one.dataset]));
  const filter = { span: spanOf(query.days), ...query };
  const encoder = new TextEncoder();
  let after: LinePlace | null = null;
  return new ReadableStream({
    start(controller) {
      const checkpoint = head === null ? "" : headText({ n: head.checkpointN, hash: head.checkpointHash });
      const text = begin({ format: FORMAT, shop: domain, checkpoint, head: head === null ? "" : headText(head) });
      controller.enqueue(encoder.encode(text));
    },
    async pull(controller) {
      const lines = await store.currentLines(id, filter, after, PAGE);
      const texts = lines.map((one) => {
        return line(exportedLine(one, { shop: domain, dataset: numbers.get(one.datasetId) ?? "" }));
      });
      if (texts.length > 0) controller.enqueue(encoder.encode(texts.join("")));
      const last = lines.at(-1);
      after = last === undefined ? null : { bucket: last.bucket, id: last.id };
      if (lines.length < PAGE) controller.close();
    },
  });
}
