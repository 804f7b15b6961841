import { z } from "zod";
import { idDigits } from "../events/event-id";
import { type Ask, askable, askNodes } from "./asking.server";
import type { Lookups, OrderAnswer } from "./lookups";

/**
 * Shopify refuses a query that could cost more than 1,000 points, by what it asks for and not by what there is: an order
 * with its lines is 46 of them at the most. https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits
 */
const AT_ONCE = 20;
const LINES = 20;

const ORDERS = `#graphql
  query OrdersOfEvents($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Order {
        id
        customerJourneySummary { ready customerOrderIndex }
        customer { numberOfOrders }
        lineItems(first: ${LINES}) { pageInfo { hasNextPage } nodes { sellingPlan { name } } }
      }
    }
  }`;

const journey = z.object({ ready: z.boolean(), customerOrderIndex: z.number().int().nullable() });

/** UnsignedInt64: Shopify writes it as a text. */
const count = z.union([z.string().regex(/^\d{1,15}$/), z.number().int().nonnegative()]).transform(Number);

const order = z.object({
  id: z.string().transform(idDigits),
  customerJourneySummary: journey.nullish().catch(null),
  customer: z
    .object({ numberOfOrders: count.nullable().catch(null) })
    .nullish()
    .catch(null),
  lineItems: z
    .object({
      pageInfo: z.object({ hasNextPage: z.boolean() }),
      nodes: z.array(z.object({ sellingPlan: z.object({}).nullable() })),
    })
    .nullish()
    .catch(null),
});

type Order = z.output<typeof order>;

export function openOrderLookup(ask: Ask): Lookups["orders"] {
  return async (shop, orderIds) => {
    const told = new Map<string, OrderAnswer>();
    const asked = askable(orderIds);
    const unasked = new Set(asked);
    await ask(shop, asked, AT_ONCE, async (graphql, ids) => {
      const gids = ids.map((id) => `gid://shopify/Order/${id}`);
      const { nodes, whole } = await askNodes(graphql, ORDERS, gids, order);
      for (const node of nodes) {
        if (node.id === null || !ids.includes(node.id)) continue;
        told.set(node.id, { firstOrder: isFirst(node), subscription: hasPlan(node) });
        unasked.delete(node.id);
      }
      if (whole) for (const id of ids) unasked.delete(id);
    });
    // Copies: what comes after the time was up is for nobody.
    return { told: new Map(told), unasked: new Set(unasked) };
  };
}

/**
 * By its place among the customer's orders, which counts from 1 and leaves test orders out; until Shopify has attributed the
 * order, by how many the customer has.
 * https://shopify.dev/docs/api/admin-graphql/2026-07/objects/CustomerJourneySummary
 */
function isFirst({ customerJourneySummary: journey, customer }: Order): boolean | null {
  if (!customer) return null;
  const place = (journey?.ready ? journey.customerOrderIndex : null) ?? customer.numberOfOrders;
  return place === null || place < 1 ? null : place === 1;
}

/** A plan on a line that was not asked for would be missed: no is only said of an order whose lines are all there. */
function hasPlan({ lineItems }: Order): boolean | null {
  if (!lineItems) return null;
  if (lineItems.nodes.some(({ sellingPlan }) => sellingPlan !== null)) return true;
  return lineItems.pageInfo.hasNextPage ? null : false;
}
