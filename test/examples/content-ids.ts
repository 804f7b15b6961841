import type { ContentIdFormat } from "~/events/content-id-formats";
import { order } from "../fixtures/order";
import { DATASET, type Example, type ExampleShop } from "./example";
import { HASHED_BUYERS, webPurchase } from "./parts";

/** How goods are named, by what the merchant's catalogue goes by. */

const shopWith = (contentId: ContentIdFormat, facts: ExampleShop = {}): ExampleShop => ({
  ...facts,
  settings: { datasets: { [DATASET]: { contentId } } },
});

const { line_items: lines } = order();
const [TEE] = Array.isArray(lines) ? lines : [];
const GIFT_WRAPPING = { id: 2, product_id: null, variant_id: null, title: "Gift wrapping", quantity: 1, price: "3.00" };

const goods = (custom: Record<string, unknown>) =>
  webPurchase(HASHED_BUYERS.AU, { custom_data: { value: 64.5, currency: "USD", order_id: "5550001", ...custom } });

const tees = (id: string, type = "product") =>
  goods({
    content_ids: [id],
    content_type: type,
    contents: [{ id, quantity: 2, item_price: 29 }],
    content_name: "Tee",
    num_items: 2,
  });

export const CONTENT_IDS: Example[] = [
  {
    title: "goods named by product are a group",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: shopWith("product"),
    out: { events: [tees("9001", "product_group")], skipped: [] },
  },
  {
    title: "two variants of one product are then one name, and still two lines",
    topic: "orders/create",
    in: order({ country: "AU" }, { line_items: [TEE, { ...TEE, variant_id: 48002, quantity: 1 }] }),
    shop: shopWith("product"),
    out: {
      events: [
        goods({
          content_ids: ["9001"],
          content_type: "product_group",
          contents: [
            { id: "9001", quantity: 2, item_price: 29 },
            { id: "9001", quantity: 1, item_price: 29 },
          ],
          num_items: 3,
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "goods named by the merchant's own article number",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: shopWith("sku"),
    out: { events: [tees("TEE-BLK-M")], skipped: [] },
  },
  {
    title: "goods without one are counted and not named",
    topic: "orders/create",
    in: order({ country: "AU" }, { line_items: [{ ...TEE, sku: "" }] }),
    shop: shopWith("sku"),
    out: { events: [goods({ content_name: "Tee", num_items: 2 })], skipped: [] },
  },
  {
    title: "goods named as feeds of other apps name them, with the shop's country",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: shopWith("shopify", { country: "NZ" }),
    out: { events: [tees("shopify_NZ_9001_48001")], skipped: [] },
  },
  {
    title: "and with ZZ for a shop whose country nobody has said",
    topic: "orders/create",
    in: order({ country: "AU" }),
    shop: shopWith("shopify"),
    out: { events: [tees("shopify_ZZ_9001_48001")], skipped: [] },
  },
  {
    title: "a custom line has no id of any kind; of two lines neither gives its name to the order",
    topic: "orders/create",
    in: order({ country: "AU" }, { line_items: [TEE, GIFT_WRAPPING] }),
    shop: shopWith("product"),
    out: {
      events: [
        goods({
          content_ids: ["9001"],
          content_type: "product_group",
          contents: [{ id: "9001", quantity: 2, item_price: 29 }],
          num_items: 3,
        }),
      ],
      skipped: [],
    },
  },
  {
    title: "an order of nothing else names no content at all, and says what it was",
    topic: "orders/create",
    in: order({ country: "AU" }, { line_items: [GIFT_WRAPPING] }),
    out: { events: [goods({ content_name: "Gift wrapping", num_items: 1 })], skipped: [] },
  },
];
