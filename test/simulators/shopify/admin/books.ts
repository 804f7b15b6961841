import { z } from "zod";
import type { Concealed } from "./order-fields";

/** An order as far as the Admin API is asked for it. */
export interface BookedOrder {
  /** Digits; null: a guest. */
  customer: string | null;
  test: boolean;
  /** Whether Shopify has found out where it came from, which takes it a while. */
  attributed: boolean;
  /** A line each: the name of the selling plan it is bought by; null: by none. */
  plans: readonly (string | null)[];
  /** As its webhooks tell it, put together; absent: nobody is to ask for it as a whole. */
  body?: Readonly<Record<string, unknown>>;
  /** Whose it is, where one stand-in plays several shops; absent: anybody's. */
  shop?: string;
}

export interface BookedProduct {
  type: string;
  vendor: string;
  tags: readonly string[];
  collections: readonly { handle: string; title: string }[];
}

const id = z.union([z.string(), z.number()]).transform(String);

const orderBody = z.object({
  id,
  test: z.boolean().nullish(),
  customer: z.object({ id: id.nullish() }).nullish(),
  line_items: z
    .array(
      z.object({
        selling_plan_allocation: z.object({ selling_plan: z.object({ name: z.string() }).optional() }).nullish(),
      }),
    )
    .nullish(),
});

const productBody = z.object({ id, product_type: z.string(), vendor: z.string(), tags: z.string() });

/** What a shop has and has sold. Public maps: a test may write in them. */
export class Books {
  /** By digits, in the order in which they came. */
  readonly orders = new Map<string, BookedOrder>();
  readonly products = new Map<string, BookedProduct>();
  /** What Shopify keeps to itself of orders; a test may change it. */
  readonly concealed: Concealed = { checkoutTokens: false, customers: false };

  constructor(products: readonly (BookedProduct & { id: string })[] = []) {
    for (const { id, ...product } of products) this.products.set(id, product);
  }

  /** What a webhook tells the app, the Admin API tells too; also where the webhook never comes. */
  enter(topic: string, body: unknown, shop?: string): void {
    if (topic.startsWith("orders/")) this.#enterOrder(body, shop);
    if (topic === "products/create" || topic === "products/update") this.#enterProduct(body);
    const gone = z.object({ id }).safeParse(body);
    if (topic === "products/delete" && gone.success) this.products.delete(gone.data.id);
  }

  ordersOf(customer: string): string[] {
    return [...this.orders].flatMap(([id, order]) => (order.customer === customer ? [id] : []));
  }

  /** From 1; test orders are not counted. */
  placeOf(id: string): number | null {
    const order = this.orders.get(id);
    if (order === undefined || order.customer === null || order.test) return null;
    const counted = this.ordersOf(order.customer).filter((other) => this.orders.get(other)?.test === false);
    return counted.indexOf(id) + 1;
  }

  #enterOrder(body: unknown, shop?: string): void {
    const read = orderBody.safeParse(body);
    if (!read.success) return;
    const known = this.orders.get(read.data.id);
    const whole = { ...known?.body, ...(body as Record<string, unknown>) };
    if (known !== undefined) {
      this.orders.set(read.data.id, { ...known, body: whole });
      return;
    }
    const { customer, test, line_items } = read.data;
    this.orders.set(read.data.id, {
      customer: customer?.id ?? null,
      test: test === true,
      attributed: true,
      plans: (line_items ?? []).map((line) => line.selling_plan_allocation?.selling_plan?.name ?? null),
      body: whole,
      ...(shop === undefined ? {} : { shop }),
    });
  }

  #enterProduct(body: unknown): void {
    const read = productBody.safeParse(body);
    if (!read.success) return;
    const { id, product_type: type, vendor, tags } = read.data;
    const collections = this.products.get(id)?.collections ?? [];
    const list = tags.split(",").flatMap((tag) => (tag.trim() === "" ? [] : [tag.trim()]));
    this.products.set(id, { type, vendor, tags: list, collections });
  }
}
