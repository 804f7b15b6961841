import { describe, expect, it } from "vitest";
import { toPixelRecord } from "~/events/pixel-settings";
import { closing } from "../../../server/stand-ins";
import { startShopify } from "../server";
import { mintSessionToken } from "../session-token";
import { readDefinition } from "./pixel-definition";

const SHOP = "a-shop.myshopify.com";
const APP = { key: "the-key", secret: "the-secret" };
const SETTINGS = {
  collectUrl: "https://tandem.example.com/collect",
  trUrl: "https://www.facebook.com/tr",
  beaconKey: "k",
  datasets: "[]",
};
const CREATE = `mutation Create($webPixel: WebPixelInput!) {
  webPixelCreate(webPixel: $webPixel) { webPixel { id settings } userErrors { code field message } }
}`;
const UPDATE = `mutation Update($id: ID!, $webPixel: WebPixelInput!) {
  webPixelUpdate(id: $id, webPixel: $webPixel) { webPixel { id settings } userErrors { code field message } }
}`;
const DELETE = `mutation Delete($id: ID!) {
  webPixelDelete(id: $id) { deletedWebPixelId userErrors { code field message } }
}`;
const READ = "query Read($id: ID) { webPixel(id: $id) { id settings } }";

async function adminApi() {
  const shopify = closing(await startShopify({ app: "http://127.0.0.1:9", shop: SHOP, ...APP }));
  const post = (path: string, body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(`${shopify.origin}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "x-stand-in-shop": SHOP, ...headers },
      ...(signal && { signal }),
    });
  const issued = await post("/admin/oauth/access_token", {
    client_id: APP.key,
    client_secret: APP.secret,
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: mintSessionToken(APP, SHOP),
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
    expiring: "1",
  });
  const { access_token } = await issued.json();
  const headers = { "x-shopify-access-token": access_token };
  const send = (query: string, variables: object = {}, signal?: AbortSignal) =>
    post("/admin/api/2026-07/graphql.json", { query, variables }, headers, signal);
  return {
    shopify,
    post,
    headers,
    send,
    run: async (query: string, variables: object = {}) => {
      const answer = await send(query, variables);
      return { status: answer.status, ...(await answer.json()) };
    },
    create: async (settings: unknown) => {
      const answer = await send(CREATE, { webPixel: { settings } });
      return (await answer.json()).data.webPixelCreate;
    },
  };
}

describe("the Admin API", () => {
  it("tells what it knows of the shop", async () => {
    const { run } = await adminApi();
    const { data } = await run(`{
      shop { id name myshopifyDomain primaryDomain { host url } shopAddress { countryCodeV2 } currencyCode ianaTimezone
        enabledPresentmentCurrencies taxesIncluded }
      currentAppInstallation { id }
    }`);
    expect(data).toEqual({
      shop: {
        id: expect.stringMatching(/^gid:\/\/shopify\/Shop\/\d+$/),
        name: "A Shop",
        myshopifyDomain: SHOP,
        primaryDomain: { host: SHOP, url: `https://${SHOP}` },
        shopAddress: { countryCodeV2: "US" },
        currencyCode: "USD",
        ianaTimezone: "America/New_York",
        enabledPresentmentCurrencies: ["USD", "EUR"],
        taxesIncluded: false,
      },
      currentAppInstallation: { id: expect.stringMatching(/^gid:\/\/shopify\/AppInstallation\/\d+$/) },
    });
  });

  it.each([
    ["a field that is not there", "{ shop { favouriteColour } }", "favouriteColour"],
    ["an argument that is not there", "{ webPixel(name: 1) { id } }", "name"],
    ["a mutation that is not there", 'mutation { webPixelDestroy(id: "1") { id } }', "webPixelDestroy"],
    [
      "a variable without its input type",
      "mutation($w: JSON!) { webPixelCreate(webPixel: $w) { webPixel { id } } }",
      "$w",
    ],
    ["what is no GraphQL", "{ shop {", "Syntax Error"],
  ])("answers 200 with errors and does nothing for %s", async (_case, query, named) => {
    const { run } = await adminApi();
    const answer = await run(query);
    expect(answer.status).toBe(200);
    expect(answer).not.toHaveProperty("data");
    expect(answer.errors[0].message).toContain(named);
  });

  it("answers with errors for variables that do not fit", async () => {
    const { run, shopify } = await adminApi();
    const answer = await run(CREATE, { webPixel: { setings: SETTINGS } });
    expect(answer.errors[0].message).toContain("setings");
    expect(shopify.pixel()).toBeNull();
  });

  it("takes no request without a token of its own, nor for another version of the API", async () => {
    const { post, headers } = await adminApi();
    const query = { query: "{ shop { id } }" };
    expect((await post("/admin/api/2026-07/graphql.json", query)).status).toBe(401);
    const refused = await post("/admin/api/2026-07/graphql.json", query, { "x-shopify-access-token": "shpat_forged" });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({
      errors: "[API] Invalid API key or access token (unrecognized login or wrong password)",
    });
    expect((await post("/admin/api/2020-01/graphql.json", query, headers)).status).toBe(404);
    expect((await post("/admin/api/2026-07/graphql.json", {}, headers)).status).toBe(400);
  });

  it("keeps a record of every operation", async () => {
    const { run, shopify } = await adminApi();
    await run(CREATE, { webPixel: { settings: SETTINGS } });
    const record = await (await fetch(`${shopify.origin}/record`)).json();
    expect(record.graphql).toEqual([
      {
        shop: SHOP,
        operation: "webPixelCreate",
        variables: { webPixel: { settings: SETTINGS } },
        status: 200,
        answer: expect.objectContaining({ data: expect.anything() }),
      },
    ]);
    expect(shopify.graphql).toEqual(record.graphql);
  });
});

const NODES = `query Nodes($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Order {
      id
      customer { numberOfOrders }
      customerJourneySummary { ready customerOrderIndex }
      lineItems(first: 2) { nodes { sellingPlan { name } } pageInfo { hasNextPage } }
    }
    ... on Product { id productType vendor tags collections(first: 1) { nodes { handle title } pageInfo { hasNextPage } } }
  }
}`;
const MUG = "8400100000101";

/** As many ids of a kind as there are numbers. */
function gids(kind: string, ...numbers: (number | string)[]): { ids: string[] } {
  return { ids: numbers.map((number) => `gid://shopify/${kind}/${number}`) };
}

describe("an order", () => {
  const ordered = (id: number, over: object = {}) => ({ id, customer: { id: 71 }, line_items: [{}], ...over });

  it("is known once its webhook was delivered, with its place among the customer's", async () => {
    const { run, shopify } = await adminApi();
    const monthly = { selling_plan_allocation: { selling_plan: { name: "Monthly" } } };
    shopify.books.enter("orders/create", ordered(1, { test: true }));
    shopify.books.enter("orders/create", ordered(2, { line_items: [{}, monthly, {}] }));
    shopify.books.enter("orders/paid", ordered(2));
    shopify.books.enter("orders/create", ordered(3, { customer: null }));
    const { data } = await run(NODES, gids("Order", 1, 2, 3, 4));
    const line = { sellingPlan: null };
    const one = { nodes: [line], pageInfo: { hasNextPage: false } };
    expect(data.nodes).toEqual([
      {
        id: "gid://shopify/Order/1",
        customer: { numberOfOrders: "2" },
        customerJourneySummary: { ready: true, customerOrderIndex: null },
        lineItems: one,
      },
      {
        id: "gid://shopify/Order/2",
        customer: { numberOfOrders: "2" },
        customerJourneySummary: { ready: true, customerOrderIndex: 1 },
        lineItems: { nodes: [line, { sellingPlan: { name: "Monthly" } }], pageInfo: { hasNextPage: true } },
      },
      {
        id: "gid://shopify/Order/3",
        customer: null,
        customerJourneySummary: { ready: true, customerOrderIndex: null },
        lineItems: one,
      },
      null,
    ]);
  });
});

describe("a product", () => {
  it("is one of the storefront's, until a webhook changes it or takes it away", async () => {
    const { run, shopify } = await adminApi();
    const product = async () => (await run(NODES, gids("Product", MUG))).data.nodes[0];
    const collections = {
      nodes: [{ handle: "for-the-table", title: "For the table" }],
      pageInfo: { hasNextPage: true },
    };
    const id = `gid://shopify/Product/${MUG}`;
    expect(await product()).toEqual({
      id,
      productType: "Tableware",
      vendor: "Saltmarsh Pottery",
      tags: ["handmade", "ceramic"],
      collections,
    });
    shopify.books.enter("products/update", { id: Number(MUG), product_type: "Mugs", vendor: "", tags: "sale, a b" });
    expect(await product()).toEqual({ id, productType: "Mugs", vendor: "", tags: ["sale", "a b"], collections });
    shopify.books.enter("products/delete", { id: Number(MUG) });
    expect(await product()).toBeNull();
  });

  it("is named by an id that is one", async () => {
    const { run } = await adminApi();
    const answer = await run(NODES, { ids: ["8400100000101"] });
    expect(answer.errors[0].message).toContain("Invalid global id");
  });
});

describe("the price of a query", () => {
  it("is what it may come to, and above a thousand points it is refused", async () => {
    const { run } = await adminApi();
    const many = (length: number) => gids("Product", ...Array.from({ length }, (_, index) => index + 1));
    // An order: itself, its customer, its summary, its lines (2, a page, 2 × a line and its plan).
    expect((await run(NODES, many(1))).extensions.cost.requestedQueryCost).toBe(10);
    expect((await run(NODES, many(100))).extensions.cost.requestedQueryCost).toBe(1_000);
    const refused = await run(NODES, many(101));
    expect(refused).not.toHaveProperty("data");
    expect(refused.errors[0].extensions).toEqual({ code: "MAX_COST_EXCEEDED", cost: 1_010, maxCost: 1_000 });
  });
});

describe("a web pixel", () => {
  it("is not found before it is created: an error, and null", async () => {
    const { run } = await adminApi();
    const { data, errors } = await run(READ);
    expect(data).toEqual({ webPixel: null });
    expect(errors[0].message).toBe("No web pixel was found for this app.");
  });

  it.each([
    ["an object", SETTINGS],
    ["a JSON text", JSON.stringify(SETTINGS)],
  ])("is created from %s, and read as a JSON text", async (_form, settings) => {
    const { run, create, shopify } = await adminApi();
    const { webPixel, userErrors } = await create(settings);
    expect(userErrors).toEqual([]);
    expect(webPixel).toEqual({
      id: expect.stringMatching(/^gid:\/\/shopify\/WebPixel\/\d+$/),
      settings: JSON.stringify(SETTINGS),
    });
    expect(shopify.pixel()).toEqual({ id: webPixel.id, settings: SETTINGS });
    expect((await run(READ)).data.webPixel).toEqual(webPixel);
    expect((await run(READ, { id: webPixel.id })).data.webPixel).toEqual(webPixel);
    expect((await run(READ, { id: "gid://shopify/WebPixel/1" })).data.webPixel).toBeNull();
  });

  it("is one: a second is refused as taken", async () => {
    const { create } = await adminApi();
    await create(SETTINGS);
    expect(await create(SETTINGS)).toEqual({
      webPixel: null,
      userErrors: [{ code: "TAKEN", field: ["webPixel"], message: expect.any(String) }],
    });
  });

  it("is updated and deleted by its id, and by no other", async () => {
    const { run, create, shopify } = await adminApi();
    const { webPixel } = await create(SETTINGS);
    const webPixelInput = { settings: { ...SETTINGS, beaconKey: "other" } };
    const unknown = { id: "gid://shopify/WebPixel/1", webPixel: webPixelInput };
    expect((await run(UPDATE, unknown)).data.webPixelUpdate).toMatchObject({
      webPixel: null,
      userErrors: [{ code: "NOT_FOUND" }],
    });
    expect((await run(DELETE, unknown)).data.webPixelDelete).toMatchObject({ userErrors: [{ code: "NOT_FOUND" }] });
    expect(shopify.pixel()?.settings.beaconKey).toBe("k");
    await run(UPDATE, { id: webPixel.id, webPixel: webPixelInput });
    expect(shopify.pixel()).toEqual({ id: webPixel.id, settings: webPixelInput.settings });
    expect((await run(DELETE, { id: webPixel.id })).data.webPixelDelete).toEqual({
      deletedWebPixelId: webPixel.id,
      userErrors: [],
    });
    expect(shopify.pixel()).toBeNull();
  });

  it.each([
    ["a missing field", { ...SETTINGS, beaconKey: undefined }, "INVALID_SETTINGS", "Missing keys: beaconKey"],
    ["a field too many", { ...SETTINGS, colour: "red" }, "INVALID_SETTINGS", "colour"],
    ["a field that is no text", { ...SETTINGS, datasets: [] }, "INVALID_SETTINGS", "datasets"],
    ["a field that is too short", { ...SETTINGS, datasets: "x" }, "INVALID_SETTINGS", "datasets"],
    ["what is no object", [], "INVALID_CONFIGURATION_JSON", "JSON"],
    ["a text that is no JSON", "{collectUrl", "INVALID_CONFIGURATION_JSON", "JSON"],
  ])("is refused for %s", async (_case, settings, code, named) => {
    const { create, shopify } = await adminApi();
    const { webPixel, userErrors } = await create(settings);
    expect(webPixel).toBeNull();
    expect(userErrors).toEqual([{ code, field: ["webPixel"], message: expect.stringContaining(named) }]);
    expect(shopify.pixel()).toBeNull();
  });

  it("has the fields that the app writes", () => {
    const written = toPixelRecord({ collectUrl: "c", trUrl: "t", beaconKey: "k", datasets: [] });
    expect([...readDefinition().keys()]).toEqual(Object.keys(written));
  });
});

describe("the Admin API's weather", () => {
  it("strikes as often as ordered, and the record shows it", async () => {
    const { run, shopify } = await adminApi();
    shopify.graphqlWeather.fail(2, "status 500");
    expect([await run(READ), await run(READ), await run(READ)].map(({ status }) => status)).toEqual([500, 500, 200]);
    expect(shopify.graphql.map(({ status }) => status)).toEqual([500, 500, 200]);
  });

  it("throttles with Shopify's code, and nothing happens", async () => {
    const { run, shopify } = await adminApi();
    shopify.graphqlWeather.fail(1, "throttled");
    const answer = await run(CREATE, { webPixel: { settings: SETTINGS } });
    expect(answer).toMatchObject({ status: 200, errors: [{ extensions: { code: "THROTTLED" } }] });
    expect(answer).not.toHaveProperty("data");
    expect(shopify.pixel()).toBeNull();
  });

  it("refuses the next mutation with a user error, and lets queries pass", async () => {
    const { run, create, shopify } = await adminApi();
    shopify.graphqlWeather.fail(1, "user error");
    expect((await run("{ shop { id } }")).data.shop.id).toBeDefined();
    expect(await create(SETTINGS)).toMatchObject({ webPixel: null, userErrors: [{ code: "UNEXPECTED_ERROR" }] });
    expect((await create(SETTINGS)).userErrors).toEqual([]);
  });

  it("is slow for as long as ordered", async () => {
    const { run, shopify } = await adminApi();
    shopify.graphqlWeather.delayMs = 200;
    const began = performance.now();
    await run("{ shop { id } }");
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  it("leaves a client waiting", async () => {
    const { send, run, shopify } = await adminApi();
    shopify.graphqlWeather.fail(1, "timeout");
    await expect(send(READ, {}, AbortSignal.timeout(300))).rejects.toThrow(/abort|timeout/i);
    expect(shopify.graphql.map(({ status }) => status)).toEqual([0]);
    expect((await run(READ)).status).toBe(200);
  });
});
