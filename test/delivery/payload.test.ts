import { describe, expect, it } from "vitest";
import { lacksMoney, type MetaEvent, metaEvent, type PayloadParts } from "~/delivery/payload";
import type { Amounts, Facts, Line } from "~/events/event";

function amounts(currency: string, total: string): Amounts {
  return { currency, subtotal: null, shipping: null, tax: null, shippingTax: null, total };
}

function line(over: Partial<Line> = {}): Line {
  const article = { product: "9001", variant: "48001", sku: "TEE", vendor: "Example Goods", title: "Tee" };
  return { ...article, type: null, subscription: null, quantity: 2, price: "29.00", ...over };
}

const FACTS: Facts = {
  country: "DE",
  usState: null,
  source: "web",
  traits: [],
  taxesIncluded: false,
  deviceFamily: "phone",
  firstOrder: true,
  presentment: amounts("EUR", "59.90"),
  shop: amounts("USD", "64.50"),
  lines: [line()],
  orderId: "5550001",
  createdAt: null,
  searchString: null,
  origin: null,
};

function parts(over: Partial<PayloadParts> = {}): PayloadParts {
  return {
    name: "Purchase",
    eventId: "purchase.token",
    time: 1_795_168_800_999,
    actionSource: "website",
    facts: FACTS,
    value: { amount: "59.90", currency: "EUR" },
    contentIds: "$v",
    firstOrder: null,
    restricted: false,
    userData: { em: ["aa"], fbp: "fb.1.1763632800000.1" },
    pageUrl: "https://shop.example.com/",
    referrerUrl: "https://www.example.org/",
    limitedDataUse: null,
    ...over,
  };
}

/** As it travels: JSON leaves out what is undefined. */
function asSent(parts: PayloadParts): MetaEvent {
  return JSON.parse(JSON.stringify(metaEvent(parts)));
}

function factsWith(over: Partial<Facts>): Partial<PayloadParts> {
  return { facts: { ...FACTS, ...over } };
}

describe("the payload of a Purchase", () => {
  it("is what Meta asks for, and nothing else", () => {
    expect(asSent(parts())).toEqual({
      event_name: "Purchase",
      event_time: 1_795_168_800,
      event_id: "purchase.token",
      action_source: "website",
      event_source_url: "https://shop.example.com/",
      referrer_url: "https://www.example.org/",
      user_data: { em: ["aa"], fbp: "fb.1.1763632800000.1" },
      custom_data: {
        value: 59.9,
        currency: "EUR",
        content_ids: ["48001"],
        content_type: "product",
        contents: [{ id: "48001", quantity: 2, item_price: 29 }],
        content_name: "Tee",
        num_items: 2,
        order_id: "5550001",
      },
    });
  });

  it("has the same bytes whenever it is built from the same parts", () => {
    expect(JSON.stringify(metaEvent(parts()))).toBe(JSON.stringify(metaEvent(parts())));
  });

  it.each(["physical_store", "system_generated"] as const)("of %s names no page", (actionSource) => {
    const event = asSent(parts({ actionSource }));
    expect(event).not.toHaveProperty("event_source_url");
    expect(event).not.toHaveProperty("referrer_url");
  });

  it("leaves out the pages that are not known", () => {
    const event = asSent(parts({ pageUrl: null, referrerUrl: null }));
    expect(event).not.toHaveProperty("event_source_url");
    expect(event).not.toHaveProperty("referrer_url");
  });

  it.each([
    { limitedDataUse: { country: 1 as const, state: 1000 } },
    { limitedDataUse: { country: 0 as const, state: 0 } },
  ])("carries Limited Data Use as $limitedDataUse", ({ limitedDataUse }) => {
    expect(asSent(parts({ limitedDataUse }))).toMatchObject({
      data_processing_options: ["LDU"],
      data_processing_options_country: limitedDataUse.country,
      data_processing_options_state: limitedDataUse.state,
    });
  });

  it("carries no Limited Data Use where none is asked for", () => {
    expect(Object.keys(asSent(parts())).filter((key) => key.startsWith("data_processing"))).toEqual([]);
  });
});

describe("its money", () => {
  it.each([
    ["59.90", "EUR", 59.9],
    ["3250", "JPY", 3250],
    ["23.363", "KWD", 23.363],
    ["0.00", "EUR", 0],
    ["0.000001", "USD", 0.000001],
    ["999999999999.99", "USD", 999_999_999_999.99],
  ])("is the dataset's own value as a plain number: %s %s", (amount, currency, value) => {
    const event = asSent(parts({ value: { amount, currency } }));
    expect(event.custom_data).toMatchObject({ value, currency });
    expect(JSON.stringify(event)).toMatch(/"value":\d+(\.\d+)?,"currency":"[A-Z]{3}"/);
    expect(lacksMoney(event)).toBe(false);
  });

  it("is never half: without a value there is no currency, and a Purchase then lacks it", () => {
    const event = asSent(parts({ value: null }));
    expect(event.custom_data).not.toHaveProperty("value");
    expect(event.custom_data).not.toHaveProperty("currency");
    expect(lacksMoney(event)).toBe(true);
  });

  it("is asked of a Purchase only", () => {
    expect(lacksMoney(asSent(parts({ name: "ViewContent", value: null })))).toBe(false);
    expect(lacksMoney(asSent(parts({ name: "Renewal", value: null })))).toBe(false);
  });
});

describe("its contents", () => {
  it("count every article, name each variant once, and keep each line", () => {
    const lines = [
      line(),
      line({ variant: "48002", quantity: 3, price: "5.25" }),
      line({ quantity: 1, price: "20.00" }),
    ];
    expect(asSent(parts(factsWith({ lines }))).custom_data).toMatchObject({
      content_ids: ["48001", "48002"],
      contents: [
        { id: "48001", quantity: 2, item_price: 29 },
        { id: "48002", quantity: 3, item_price: 5.25 },
        { id: "48001", quantity: 1, item_price: 20 },
      ],
      num_items: 6,
    });
  });

  it("leave out a price that is not known", () => {
    const event = asSent(parts(factsWith({ lines: [line({ price: null })] })));
    expect(event.custom_data?.contents).toEqual([{ id: "48001", quantity: 2 }]);
  });

  it("count a line without a variant, which no catalogue knows, but do not name it", () => {
    const custom = asSent(parts(factsWith({ lines: [line({ variant: null, quantity: 1 })] }))).custom_data;
    expect(custom).toMatchObject({ num_items: 1 });
    expect(custom).not.toHaveProperty("content_ids");
    expect(custom).not.toHaveProperty("content_type");
    expect(custom).not.toHaveProperty("contents");
  });

  it("are without prices where the value is in another currency than theirs", () => {
    const dollars = parts({ value: { amount: "64.50", currency: "USD" } });
    expect(asSent(dollars).custom_data?.contents).toEqual([{ id: "48001", quantity: 2 }]);
  });

  it("keep their prices where the value is not known, and where the shop's own sums are all there is", () => {
    const priced = [{ id: "48001", quantity: 2, item_price: 29 }];
    expect(asSent(parts({ value: null })).custom_data?.contents).toEqual(priced);
    const own = { ...factsWith({ presentment: null }), value: { amount: "64.50", currency: "USD" } };
    expect(asSent(parts(own)).custom_data?.contents).toEqual(priced);
  });

  it.each([
    ["$v", "48001", "product"],
    ["$p", "9001", "product_group"],
    ["$s", "TEE", "product"],
    ["shopify_DE_$p_$v", "shopify_DE_9001_48001", "product"],
  ])("are named as the catalogue names them: %s", (contentIds, id, type) => {
    expect(asSent(parts({ contentIds })).custom_data).toMatchObject({
      content_ids: [id],
      content_type: type,
      contents: [{ id, quantity: 2 }],
    });
  });

  it("leave a line without such a name out, and count it", () => {
    const lines = [line(), line({ product: null, variant: null, sku: null, title: "Gift wrapping", quantity: 1 })];
    for (const contentIds of ["$v", "$p", "$s", "shopify_DE_$p_$v"]) {
      const custom = asSent(parts({ ...factsWith({ lines }), contentIds })).custom_data;
      expect(custom?.contents).toHaveLength(1);
      expect(custom?.content_ids).toHaveLength(1);
      expect(custom).toMatchObject({ num_items: 3 });
    }
  });

  it("keep ids beyond 2^53 exact", () => {
    const event = asSent(
      parts(factsWith({ lines: [line({ variant: "9007199254740993" })], orderId: "9007199254740995" })),
    );
    expect(event.custom_data).toMatchObject({ content_ids: ["9007199254740993"], order_id: "9007199254740995" });
  });
});

describe("its words", () => {
  it("name and file the one thing it is about", () => {
    const one = factsWith({ lines: [line({ type: "Shirts" })] });
    expect(asSent(parts(one)).custom_data).toMatchObject({ content_name: "Tee", content_category: "Shirts" });
  });

  it("name none of several things, nor what has no name", () => {
    for (const lines of [[line(), line()], [line({ title: null })], [line({ title: "", type: "" })], []]) {
      const custom = asSent(parts(factsWith({ lines }))).custom_data;
      expect(custom).not.toHaveProperty("content_name");
      expect(custom).not.toHaveProperty("content_category");
    }
  });

  it("tell a first customer from a returning one, where that is known", () => {
    const segmentOf = (firstOrder: boolean | null) => asSent(parts({ firstOrder })).custom_data?.customer_segmentation;
    expect(segmentOf(true)).toBe("new_customer_to_business");
    expect(segmentOf(false)).toBe("existing_customer_to_business");
    expect(segmentOf(null)).toBeUndefined();
  });
});

describe("a restricted category", () => {
  const full = {
    ...factsWith({ lines: [line({ type: "Knee braces" })], searchString: "knee brace" }),
    firstOrder: true,
  };

  it("keeps ids and sums, and no words", () => {
    expect(asSent(parts({ ...full, restricted: true })).custom_data).toEqual({
      value: 59.9,
      currency: "EUR",
      content_ids: ["48001"],
      content_type: "product",
      contents: [{ id: "48001", quantity: 2, item_price: 29 }],
      num_items: 2,
      order_id: "5550001",
    });
  });

  it("is all that takes them away", () => {
    expect(Object.keys(asSent(parts(full)).custom_data ?? {})).toEqual(
      expect.arrayContaining(["content_name", "content_category", "search_string", "customer_segmentation"]),
    );
  });

  it("does not touch who it was, nor Limited Data Use", () => {
    const limitedDataUse = { country: 1 as const, state: 1000 };
    const [open, restricted] = [false, true].map((restricted) => asSent(parts({ restricted, limitedDataUse })));
    expect({ ...restricted, custom_data: null }).toEqual({ ...open, custom_data: null });
  });
});

describe("the payload of a browse event", () => {
  const nothing = { ...factsWith({ presentment: null, shop: null, lines: [], orderId: null }), value: null };

  it("of which nothing is known has no custom_data", () => {
    expect(asSent(parts({ name: "PageView", ...nothing }))).not.toHaveProperty("custom_data");
  });

  it("of a search says what was searched for", () => {
    const facts = { ...FACTS, ...nothing.facts, searchString: "tee" };
    expect(asSent(parts({ ...nothing, name: "Search", facts })).custom_data).toEqual({ search_string: "tee" });
  });
});
