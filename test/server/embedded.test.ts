import { describe, expect, it } from "vitest";
import { type ShopifyAuth, startShopifyAuth } from "../simulators/shopify/auth";
import { mintSessionToken } from "../simulators/shopify/session-token";
import { API_KEY, API_SECRET, connectShop, freshHouse, type House, read, type Server, startServer } from "./processes";
import { closing } from "./stand-ins";

/** The library answers 410 to what calls itself a bot, and Node's fetch does. */
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const APP = { key: API_KEY, secret: API_SECRET };
const ONE = "first-shop.myshopify.com";
const OTHER = "second-shop.myshopify.com";

interface Embedded {
  shopify: ShopifyAuth;
  house: House;
  server: Server;
  /** Opens the app's page as a browser does inside Shopify's admin. */
  page(shop: string, token?: string): Promise<Response>;
  /** Asks for its data as App Bridge does. */
  data(token: string): Promise<Response>;
}

async function embedded(): Promise<Embedded> {
  const shopify = closing(await startShopifyAuth(APP));
  const house = freshHouse({ SHOPIFY_STAND_IN: shopify.origin });
  const server = await startServer(house, ["./test/simulators/shopify/preload.mjs"]);
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${server.origin}${path}`, { redirect: "manual", headers: { "user-agent": BROWSER, ...headers } });
  return {
    shopify,
    house,
    server,
    page: (shop, token) => ask(`/app/settings?${queryOf(shop, token)}`, { accept: "text/html" }),
    data: (token) =>
      ask("/app/settings?_data=routes%2Fapp.settings", {
        authorization: `Bearer ${token}`,
        accept: "application/json",
      }),
  };
}

function queryOf(shop: string, token: string | undefined): URLSearchParams {
  const host = Buffer.from(`admin.shopify.com/store/${shop.split(".")[0]}`).toString("base64url");
  return new URLSearchParams({ embedded: "1", shop, host, locale: "en", ...(token ? { id_token: token } : {}) });
}

const sessions = (house: House) => read(house, (db) => db.session.findMany());

describe("the app inside Shopify's admin", () => {
  it("sends a page without a token to fetch one, and exchanges nothing", async () => {
    const { page, shopify } = await embedded();
    const answer = await page(ONE);
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toMatch(/^\/auth\/session-token\?/);
    expect(shopify.exchanges).toEqual([]);
  });

  it("serves the page that fetches one, with App Bridge on it", async () => {
    const { page, server } = await embedded();
    const location = (await page(ONE)).headers.get("location") ?? "";
    const bounce = await fetch(new URL(location, server.origin), { headers: { "user-agent": BROWSER } });
    expect(bounce.status).toBe(200);
    expect(await bounce.text()).toContain("app-bridge.js");
  });

  it.each([
    ["signed with another secret", mintSessionToken({ ...APP, secret: "another-secret" }, ONE)],
    ["made for another app", mintSessionToken({ ...APP, key: "another-app" }, ONE)],
    ["over for a minute", mintSessionToken(APP, ONE, { ttl: -60 })],
    ["no token at all", "not.a.token"],
  ])("takes no token that is %s: a page is sent for a new one, data is 401", async (_case, token) => {
    const { page, data, shopify, house } = await embedded();
    const document = await page(ONE, token);
    expect(document.status).toBe(302);
    expect(document.headers.get("location")).toMatch(/^\/auth\/session-token\?/);
    const answer = await data(token);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("x-shopify-retry-invalid-session-request")).toBe("1");
    expect(shopify.exchanges.filter(({ accessToken }) => accessToken !== null)).toEqual([]);
    expect(await sessions(house)).toEqual([]);
  });

  it("takes no token that one shop issued for another", async () => {
    const { data, house } = await embedded();
    await connectShop(house, ONE, "1111111111");
    const answer = await data(mintSessionToken(APP, ONE, { issuer: OTHER }));
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain("1111111111");
    expect((await data(mintSessionToken(APP, ONE))).status).toBe(200);
  });

  it("writes down no address that was asked for in vain", async () => {
    const { server } = await embedded();
    await fetch(`${server.origin}/jo@example.com`, { headers: { "user-agent": BROWSER } });
    expect(server.stdout() + server.stderr()).not.toContain("jo@example.com");
  });

  it("opens for a good token: Polaris, App Bridge, and only this shop's admin may frame it", async () => {
    const { page } = await embedded();
    const answer = await page(ONE, mintSessionToken(APP, ONE));
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(html).toContain("Polaris-Page");
    expect(html).toMatch(
      new RegExp(
        `<script[^>]*src="https://cdn\\.shopify\\.com/shopifycloud/app-bridge\\.js"[^>]*data-api-key="${API_KEY}"`,
      ),
    );
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain(`frame-ancestors https://${ONE} https://admin.shopify.com`);
    expect(policy).not.toContain(OTHER);
  });

  it("keeps an expiring token and its refresh token, both sealed, and nothing of the staff", async () => {
    const { page, house, shopify } = await embedded();
    await page(ONE, mintSessionToken(APP, ONE));
    const [session, ...more] = await sessions(house);
    expect(more).toEqual([]);
    expect(session).toMatchObject({
      id: `offline_${ONE}`,
      shop: ONE,
      isOnline: false,
      accessToken: expect.stringMatching(/^v1\./),
      refreshToken: expect.stringMatching(/^v1\./),
      firstName: null,
      lastName: null,
      email: null,
      userId: null,
    });
    expect(session?.expires?.getTime()).toBeGreaterThan(Date.now());
    expect(session?.refreshTokenExpires?.getTime()).toBeGreaterThan(Date.now());
    expect(shopify.exchanges[0]).toMatchObject({ shop: ONE, kind: "offline", expiring: true });
    expect(JSON.stringify(session, (_key, value) => (typeof value === "bigint" ? String(value) : value))).not.toMatch(
      /shp[ar]t_|sample/i,
    );
  });

  it("asks Shopify no more once it has a token: later pages and data live on what is stored", async () => {
    const { page, data, shopify } = await embedded();
    expect((await page(ONE, mintSessionToken(APP, ONE))).status).toBe(200);
    // Remix runs the loaders of a page at once; they take turns, so that the second finds what the first was given.
    expect(shopify.exchanges).toHaveLength(1);
    expect((await page(ONE, mintSessionToken(APP, ONE))).status).toBe(200);
    expect((await data(mintSessionToken(APP, ONE))).status).toBe(200);
    expect(shopify.exchanges).toHaveLength(1);
    expect(shopify.strays.filter((stray) => !stray.endsWith("/graphql.json"))).toEqual([]);
  });

  it("shows a token's own shop and no other, whatever the address says", async () => {
    const { page, data, house } = await embedded();
    await connectShop(house, ONE, "1111111111");
    await connectShop(house, OTHER, "2222222222");
    const mine = await (await page(ONE, mintSessionToken(APP, ONE))).text();
    expect(mine).toContain("1111111111");
    expect(mine).not.toContain("2222222222");
    const theirs = await (await data(mintSessionToken(APP, OTHER))).text();
    expect(theirs).toContain("2222222222");
    expect(theirs).not.toContain("1111111111");
    const crossed = await (await page(ONE, mintSessionToken(APP, OTHER))).text();
    expect(crossed).not.toContain("1111111111");
  });

  it("logs no session token", async () => {
    const { page, server } = await embedded();
    const token = mintSessionToken(APP, ONE);
    await page(ONE, token);
    expect(server.stdout() + server.stderr()).not.toContain(token);
  });
});
