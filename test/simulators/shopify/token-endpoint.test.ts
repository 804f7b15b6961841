import { describe, expect, it } from "vitest";
import { closing } from "../../server/stand-ins";
import { startShopify } from "./server";
import { mintSessionToken } from "./session-token";

const SHOP = "a-shop.myshopify.com";
const APP = { key: "the-key", secret: "the-secret" };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function desk() {
  let now = Date.parse("2026-11-20T12:00:00Z");
  const shopify = closing(await startShopify({ app: "http://127.0.0.1:9", shop: SHOP, ...APP, now: () => now }));
  const ask = async (body: object, shop = SHOP) => {
    const answer = await fetch(`${shopify.origin}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-stand-in-shop": shop },
      body: JSON.stringify({ client_id: APP.key, client_secret: APP.secret, ...body }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return {
    shopify,
    wait: (ms: number) => {
      now += ms;
    },
    exchange: (over: object = {}, shop = SHOP) =>
      ask(
        {
          grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
          subject_token: mintSessionToken(APP, SHOP, { now }),
          subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
          requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
          expiring: "1",
          ...over,
        },
        shop,
      ),
    refresh: (refresh_token: string, over: object = {}, shop = SHOP) =>
      ask({ grant_type: "refresh_token", refresh_token, ...over }, shop),
    /** Whether the Admin API takes it. */
    status: async (accessToken: string, shop = SHOP) => {
      const answer = await fetch(`${shopify.origin}/admin/api/2026-07/graphql.json`, {
        method: "POST",
        headers: { "x-stand-in-shop": shop, "x-shopify-access-token": accessToken },
        body: JSON.stringify({ query: "{ shop { id } }" }),
      });
      return answer.status;
    },
  };
}

describe("token exchange", () => {
  it("hands out an offline token of an hour with a refresh token of 90 days", async () => {
    const { exchange, status, shopify } = await desk();
    const { status: code, body } = await exchange();
    expect(code).toBe(200);
    expect(body).toMatchObject({
      access_token: expect.stringMatching(/^shpat_/),
      expires_in: 3600,
      refresh_token: expect.stringMatching(/^shprt_/),
      refresh_token_expires_in: 90 * 86_400,
    });
    expect(await status(body.access_token)).toBe(200);
    expect(shopify.exchanges).toEqual([
      { shop: SHOP, kind: "offline", expiring: true, accessToken: body.access_token },
    ]);
  });

  it.each([
    [
      "a session token that is over",
      { subject_token: mintSessionToken(APP, SHOP, { now: 0 }) },
      "invalid_subject_token",
    ],
    [
      "a session token of another app",
      { subject_token: mintSessionToken({ ...APP, key: "other" }, SHOP, { now: Date.parse("2026-11-20T12:00:00Z") }) },
      "invalid_subject_token",
    ],
    ["another secret", { client_secret: "other" }, "application_cannot_be_found"],
    ["an unknown kind of token", { requested_token_type: "urn:else" }, "invalid_request"],
    ["another grant", { grant_type: "password" }, "invalid_request"],
  ])("refuses %s", async (_case, over, error) => {
    const { exchange } = await desk();
    expect(await exchange(over)).toEqual({ status: 400, body: { error } });
  });

  it("refuses one shop's session token for another shop", async () => {
    const { exchange } = await desk();
    expect(await exchange({}, "b-shop.myshopify.com")).toEqual({
      status: 400,
      body: { error: "invalid_subject_token" },
    });
  });

  it("hands out tokens that never end where asked, and the Admin API takes none of them", async () => {
    const { exchange, status } = await desk();
    const { body } = await exchange({ expiring: "0" });
    expect(body).not.toHaveProperty("refresh_token");
    expect(await status(body.access_token)).toBe(403);
  });
});

describe("an access token", () => {
  it("is good for an hour, at its own shop", async () => {
    const { exchange, status, wait } = await desk();
    const { body } = await exchange();
    expect(await status(body.access_token, "b-shop.myshopify.com")).toBe(401);
    wait(HOUR - 1);
    expect(await status(body.access_token)).toBe(200);
    wait(1);
    expect(await status(body.access_token)).toBe(401);
  });
});

describe("token refresh", () => {
  const REFUSED = {
    status: 401,
    body: { error: "invalid_request", error_description: "This request requires an active refresh_token" },
  };

  it("hands out the next pair", async () => {
    const { exchange, refresh, status, wait, shopify } = await desk();
    const { body: first } = await exchange();
    wait(2 * HOUR);
    const { status: code, body: second } = await refresh(first.refresh_token);
    expect(code).toBe(200);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await status(first.access_token)).toBe(401);
    expect(await status(second.access_token)).toBe(200);
    expect(shopify.refreshes).toEqual([{ shop: SHOP, accessToken: second.access_token }]);
  });

  it("takes a used refresh token again, for an answer may be lost, until the new one was used", async () => {
    const { exchange, refresh } = await desk();
    const { body: first } = await exchange();
    await refresh(first.refresh_token);
    const { body: second } = await refresh(first.refresh_token);
    expect((await refresh(second.refresh_token)).status).toBe(200);
    expect(await refresh(first.refresh_token)).toEqual(REFUSED);
  });

  it("takes a used one no more 30 days after its first use, and none after 90 days", async () => {
    const { exchange, refresh, wait } = await desk();
    const { body: used } = await exchange();
    const { body: idle } = await refresh(used.refresh_token);
    wait(30 * DAY);
    expect(await refresh(used.refresh_token)).toEqual(REFUSED);
    wait(60 * DAY);
    expect(await refresh(idle.refresh_token)).toEqual(REFUSED);
  });

  it("leaves the newest access token alone in force, whether it came by exchange or by refresh", async () => {
    const { exchange, refresh, status } = await desk();
    const { body: first } = await exchange();
    const { body: second } = await exchange();
    expect(await refresh(first.refresh_token)).toEqual(REFUSED);
    const { body: third } = await refresh(second.refresh_token);
    const tokens = [first, second, third].map(({ access_token }) => access_token);
    expect(await Promise.all(tokens.map((token) => status(token)))).toEqual([401, 401, 200]);
  });

  it("refuses an unknown one, one of another shop, and another app", async () => {
    const { exchange, refresh } = await desk();
    const { body } = await exchange();
    expect(await refresh("shprt_unknown")).toEqual(REFUSED);
    expect(await refresh(body.refresh_token, {}, "b-shop.myshopify.com")).toEqual(REFUSED);
    expect((await refresh(body.refresh_token, { client_secret: "other" })).status).toBe(400);
    expect((await refresh(body.refresh_token)).status).toBe(200);
  });
});
