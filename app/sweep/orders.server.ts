import { z } from "zod";
import {
  type AskedLines,
  type AskedOrder,
  askedOrder,
  identified,
  type ListedOrder,
  lines,
  listedOrder,
  listPage,
  payment,
  wasPaid,
} from "./asked-order";
import type { Ask } from "./asking.server";
import { LIST, MORE_LINES, ORDERS, ORDERS_AT_ONCE, PAYMENTS, PAYMENTS_AT_ONCE } from "./queries";
import { isLeftAlone, type Span } from "./span";

/** Some orders of the list, and how many of the same page cannot be read at all. */
export interface ListedPage {
  orders: ListedOrder[];
  unreadable: number;
}

const listed = z.object({ data: z.object({ orders: listPage }) });

/** The orders that were created in a span, oldest first, page by page; a page is let go before the next is asked for. */
export async function* listOrders(span: Span, ask: Ask): AsyncGenerator<ListedPage> {
  const created = `created_at:>='${isoOf(span.since)}' AND created_at:<'${isoOf(span.until)}'`;
  for (let after: string | null | undefined; after !== null; ) {
    const answer = listed.safeParse(await ask(LIST, { created, after }));
    if (!answer.success) throw strange("the list of orders", answer.error);
    const { nodes, pageInfo } = answer.data.data.orders;
    if (pageInfo.hasNextPage && pageInfo.endCursor === null) {
      throw new Error("Shopify's list of orders goes on, and does not say where.");
    }
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    const read = nodes.map((node) => listedOrder.safeParse(node));
    // Shopify passes over a filter that it does not understand, and lists everything.
    const orders = read.flatMap(({ data }) => (data !== undefined && isMeant(data, span) ? [data] : []));
    yield { orders, unreadable: read.filter(({ success }) => !success).length };
  }
}

function isMeant(order: ListedOrder, span: Span): boolean {
  return order.createdAt >= span.since && order.createdAt < span.until && !isLeftAlone(order, span);
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}

/** Those of some orders that were paid, as their ids. What is gone by now, or cannot be read, is left out. */
export async function paidOrders(ids: readonly string[], ask: Ask): Promise<string[]> {
  const paid: string[] = [];
  for (let from = 0; from < ids.length; from += PAYMENTS_AT_ONCE) {
    const some = ids.slice(from, from + PAYMENTS_AT_ONCE).map(gidOf);
    const answer = answered.safeParse(await ask(PAYMENTS, { ids: some }));
    if (!answer.success) throw strange("the payment of orders", answer.error);
    for (const node of answer.data.data.nodes) {
      const { data: order } = payment.safeParse(node);
      if (order !== undefined && wasPaid(order.displayFinancialStatus)) paid.push(order.id);
    }
  }
  return paid;
}

/** A whole order; or which field of the answer cannot be read. */
export type WholeOrder = { id: string } & ({ ok: true; order: AskedOrder } | { ok: false; field: string });

const answered = z.object({
  data: z.object({ nodes: z.array(z.unknown()) }),
  errors: z.array(z.unknown()).optional(),
});

/** Some orders with all that an event needs, a few at a time. What is gone by now is left out. */
export async function* wholeOrders(ids: readonly string[], ask: Ask): AsyncGenerator<WholeOrder> {
  for (let from = 0; from < ids.length; from += ORDERS_AT_ONCE) {
    const some = ids.slice(from, from + ORDERS_AT_ONCE);
    const answer = answered.safeParse(await ask(ORDERS, { ids: some.map(gidOf) }));
    if (!answer.success) throw strange("orders", answer.error);
    const { data, errors } = answer.data;
    const told = new Map<string, unknown>();
    for (const node of data.nodes) {
      const known = identified.safeParse(node);
      if (known.success) told.set(known.data.id, node);
    }
    for (const id of some) {
      if (told.has(id)) yield await wholeOrder(id, told.get(id), ask);
      // An error may stand in an order's place; without any it was deleted.
      else if (errors !== undefined) yield { id, ok: false, field: "order" };
    }
  }
}

async function wholeOrder(id: string, node: unknown, ask: Ask): Promise<WholeOrder> {
  const read = askedOrder.safeParse(node);
  if (!read.success) return { id, ok: false, field: read.error.issues[0]?.path.join(".") || "order" };
  const { data: order } = read;
  if (!order.lineItems.pageInfo.hasNextPage) return { id, ok: true, order };
  const lineItems = await allLines(id, order.lineItems, ask);
  return lineItems === null ? { id, ok: false, field: "lineItems" } : { id, ok: true, order: { ...order, lineItems } };
}

const linesAnswered = z.object({ data: z.object({ order: z.object({ lineItems: lines }) }) });

/** Null where they cannot be read. */
async function allLines(id: string, first: AskedLines, ask: Ask): Promise<AskedLines | null> {
  const nodes = [...first.nodes];
  let { pageInfo } = first;
  while (pageInfo.hasNextPage) {
    // Without a place to go on from it would be the first lines again, for ever.
    if (pageInfo.endCursor === null) return null;
    const answer = linesAnswered.safeParse(await ask(MORE_LINES, { id: gidOf(id), after: pageInfo.endCursor }));
    if (!answer.success) return null;
    const { lineItems } = answer.data.data.order;
    nodes.push(...lineItems.nodes);
    pageInfo = lineItems.pageInfo;
  }
  return { nodes, pageInfo };
}

function gidOf(id: string): string {
  return `gid://shopify/Order/${id}`;
}

function strange(what: string, { issues }: z.ZodError): Error {
  return new Error(`Shopify's answer about ${what} cannot be read: ${issues[0]?.path.join(".") || "body"}.`);
}
