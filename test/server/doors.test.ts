import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mintSessionToken } from "../simulators/shopify/session-token";
import { type Admin, APP, DATASET, FIRST, openAdmin, queryOf, type Route, routesOfBuild, SECOND } from "./admin";
import { type House, read } from "./processes";

/** Doors that anybody may open. All others ask for a session token: a new route is tested by being there. */
const PUBLIC: Record<string, string> = {
  "routes/_index": "says where the app is found, and sends Shopify's link on",
  "routes/auth.$": "Shopify's library, which hands out no data",
  "routes/$": "says that there is no such page",
};

const doors = routesOfBuild().filter(({ id, loader, action }) => (loader || action) && PUBLIC[id] === undefined);

const token = (shop: string, over: Parameters<typeof mintSessionToken>[2] = {}, app = APP) =>
  mintSessionToken(app, shop, over);
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A good token with another head or other claims; `secret` null: the signature stays as it was. */
function altered(shop: string, change: { alg?: string; claims?: object }, secret: string | null): string {
  const [, claims = "", signature] = token(shop).split(".");
  const payload = { ...JSON.parse(Buffer.from(claims, "base64url").toString()), ...change.claims };
  const unsigned = `${encoded({ alg: change.alg ?? "HS256", typ: "JWT" })}.${encoded(payload)}`;
  if (secret === null) return `${unsigned}.${signature}`;
  return `${unsigned}.${secret === "" ? "" : createHmac("sha256", secret).update(unsigned).digest("base64url")}`;
}

const BAD: Record<string, () => string | undefined> = {
  "no token": () => undefined,
  "one that is over": () => token(FIRST, { ttl: -60 }),
  "one made for another app": () => token(FIRST, {}, { ...APP, key: "another-app" }),
  "one signed with another secret": () => token(FIRST, {}, { ...APP, secret: "another-secret" }),
  "one of algorithm none": () => altered(FIRST, { alg: "none" }, ""),
  "one of algorithm none that bears a signature": () => altered(FIRST, { alg: "none" }, APP.secret),
  "another shop's, with this shop written over it": () =>
    altered(SECOND, { claims: { dest: `https://${FIRST}` } }, null),
};

/** Bodies that would do something if they were heeded. */
const BODIES: Record<string, string>[] = [
  { intent: "disconnect", dataset: DATASET },
  { intent: "configure", dataset: DATASET, testCode: "TEST1", holdSeconds: "9" },
  { intent: "connect", dataset: DATASET, token: "EAAstolen" },
  { intent: "delete", key: "ruleone" },
  { intent: "switch", key: "ruleone", on: "false" },
  { intent: "save", rule: JSON.stringify({ name: "Stolen", base: "Purchase" }) },
  { restricted: "true", choices: "{}", draft: "{}" },
];

interface Knock {
  path: string;
  init: RequestInit;
}

/** Every way to ask a route: a document, its data, and each body to its action. */
function knocks(route: Route, params: Record<string, string>, shop: string, word: string | undefined): Knock[] {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${route.path}: say in test/server/admin.ts what stands for :${name}`);
    return value;
  });
  const headers = word === undefined ? {} : { authorization: `Bearer ${word}` };
  const data = `${path}?${route.index ? "index&" : ""}_data=${encodeURIComponent(route.id)}`;
  return [
    { path: `${path}?${queryOf(shop, word)}`, init: { headers: { accept: "text/html" } } },
    { path: data, init: { headers } },
    ...BODIES.map((body) => ({ path: data, init: { method: "POST", headers, body: new URLSearchParams(body) } })),
    ...BODIES.slice(0, 1).map((body) => ({
      path: `${path}?${route.index ? "index&" : ""}${queryOf(shop, word)}`,
      init: { method: "POST", body: new URLSearchParams(body) },
    })),
  ];
}

/** Everything that one shop, or (absent) anybody, has. */
function rowsOf(house: House, domain?: string): Promise<string> {
  return read(house, async (db) => {
    const shops = await db.shop.findMany({
      where: domain === undefined ? {} : { domain },
      include: { datasets: true },
    });
    const shopId = { in: shops.map(({ id }) => id) };
    const events = await db.event.findMany({ where: { shopId }, orderBy: { id: "asc" } });
    const sessions = await db.session.count({ where: domain === undefined ? {} : { shop: domain } });
    return JSON.stringify({ shops, events, sessions }, (_key, value) =>
      typeof value === "bigint" ? `${value}` : value,
    );
  });
}

/** The answer is a no, or the way to sign in. */
function isShut({ status, location }: { status: number; location: string | null }): boolean {
  if (location !== null) return /^\/auth\/[a-z-]+(?:\?|$)/.test(location);
  return status >= 400 && status < 500;
}

async function holding(admin: Admin, words: string[], route: Route, shop: string, word: string): Promise<string[]> {
  const found: string[] = [];
  for (const { path, init } of knocks(route, admin.params, shop, word)) {
    const { text } = await admin.ask(path, init);
    for (const mark of words) if (text.includes(mark)) found.push(`${init.method ?? "GET"} ${path}: ${mark}`);
  }
  return found;
}

describe("every door of the admin", () => {
  it("is known: the manifest has routes, and the public ones are still there", () => {
    expect(doors.length).toBeGreaterThanOrEqual(13);
    const ids = routesOfBuild().map(({ id }) => id);
    expect(Object.keys(PUBLIC).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("stays shut for a token that is none of ours, and nothing is changed behind it", async () => {
    const admin = await openAdmin();
    const before = await rowsOf(admin.house);
    const open: string[] = [];
    for (const [what, mint] of Object.entries(BAD)) {
      for (const route of doors) {
        for (const { path, init } of knocks(route, admin.params, FIRST, mint())) {
          const answer = await admin.ask(path, init);
          const told = [...admin.marks].filter((mark) => answer.text.includes(mark));
          if (!isShut(answer) || told.length > 0)
            open.push(`${init.method ?? "GET"} ${path} with ${what}: ${answer.status}`);
        }
      }
    }
    expect(open).toEqual([]);
    expect(await rowsOf(admin.house)).toBe(before);
  }, 180_000);

  it("shows another shop nothing of this one, changes nothing of it, and knows none of its ids", async () => {
    const admin = await openAdmin();
    const before = await rowsOf(admin.house, FIRST);
    const told: string[] = [];
    for (const route of doors) {
      const named = route.path.includes(":");
      // An address that names a dataset may be said again; the data of the other shop may not.
      const words = named ? admin.marks : [...admin.marks, DATASET];
      for (const claimed of [SECOND, FIRST]) told.push(...(await holding(admin, words, route, claimed, token(SECOND))));
      if (!named) continue;
      const [document, data] = knocks(route, admin.params, SECOND, token(SECOND));
      for (const knock of [document, data]) {
        if (knock === undefined || !route.loader) continue;
        expect([route.path, (await admin.ask(knock.path, knock.init)).status]).toEqual([route.path, 404]);
      }
    }
    // What was typed comes back in words: a rule's key or dataset that is not the shop's own is not found, by its name.
    expect(told.filter((line) => !line.startsWith("POST"))).toEqual([]);
    expect(told.filter((line) => admin.marks.some((mark) => line.endsWith(mark)))).toEqual([]);
    expect(await rowsOf(admin.house, FIRST)).toBe(before);
  }, 180_000);

  it("opens for its own shop, and tells no token and no key even then", async () => {
    const admin = await openAdmin();
    const word = token(FIRST);
    const shut: string[] = [];
    const marked = new Set<string>();
    const told: string[] = [];
    await admin.ask(`/app?${queryOf(FIRST, word)}`);
    const secrets = await admin.secrets();
    expect(secrets.length).toBeGreaterThanOrEqual(7);
    for (const route of doors.filter(({ loader }) => loader)) {
      for (const { path, init } of knocks(route, admin.params, FIRST, word).slice(0, 2)) {
        const { status, text } = await admin.ask(path, init);
        if (status !== 200) shut.push(`${path}: ${status}`);
        for (const mark of admin.marks) if (text.includes(mark)) marked.add(mark);
        for (const secret of secrets) if (text.includes(secret)) told.push(`${path}: ${secret.slice(0, 8)}`);
      }
    }
    for (const route of doors.filter(({ action }) => action)) {
      told.push(...(await holding(admin, secrets, route, FIRST, word)));
    }
    expect(shut).toEqual([]);
    expect([...marked].sort()).toEqual([...admin.marks].sort());
    expect(told).toEqual([]);
  }, 180_000);
});

describe("an answer to a person of the shop", () => {
  it("says when to come again, after more test events than a person reads", async () => {
    const admin = await openAdmin();
    const word = token(FIRST);
    const [, ours] = knocks(
      { id: "routes/app.settings", path: "/app/settings", index: false, loader: true, action: true, page: true },
      {},
      FIRST,
      word,
    );
    const test = async (shop: string) => {
      const headers = { authorization: `Bearer ${token(shop)}` };
      const dataset = shop === FIRST ? DATASET : "2222222222";
      const answer = await admin.ask(ours?.path ?? "", {
        method: "POST",
        headers,
        body: new URLSearchParams({ intent: "test", dataset }),
      });
      return JSON.parse(answer.text);
    };
    for (let sent = 0; sent < 5; sent += 1)
      expect((await test(FIRST)).test).toMatchObject({ eventId: expect.any(String) });
    expect(await test(FIRST)).toMatchObject({
      test: null,
      faults: { test: expect.stringMatching(/^That was often\. Try again in \d+ seconds?\.$/) },
    });
    expect((await test(SECOND)).faults).toEqual({});
    expect(await read(admin.house, (db) => db.event.count({ where: { name: "TandemTest" } }))).toBe(6);
  }, 60_000);
});

describe("no way leads out", () => {
  const encodedHost = (host: string) => Buffer.from(host).toString("base64url");
  const AWAY = ["https://evil.example.com", "//evil.example.com", "https:evil.example.com", "\\\\evil.example.com"];
  const PATHS = [
    "/",
    "/app",
    "/app/settings",
    "/auth",
    "/auth/login",
    "/auth/callback",
    "/auth/session-token",
    "/auth/exit-iframe",
  ];
  const QUERIES = [
    ...AWAY.flatMap((away) =>
      ["return_to", "redirect", "exitIframe", "shopify-reload"].map((name) => ({
        ...Object.fromEntries(queryOf(FIRST)),
        [name]: away,
      })),
    ),
    ...[
      "evil.example.com",
      "first-shop.myshopify.com.evil.example.com",
      "evil.example.com;",
      "evil.example.com/.myshopify.com",
    ].flatMap((shop) => [
      { ...Object.fromEntries(queryOf(FIRST)), shop },
      { ...Object.fromEntries(queryOf(FIRST)), embedded: "0", shop },
    ]),
    ...["evil.example.com", "admin.shopify.com.evil.example.com", "admin.shopify.com@evil.example.com"].map((host) => ({
      ...Object.fromEntries(queryOf(FIRST)),
      embedded: "0",
      host: encodedHost(host),
    })),
    // Ours, but such as Shopify's library does not go on to.
    ...["evil.example.com", "/app//settings", "/app settings"].map((exitIframe) => ({
      ...Object.fromEntries(queryOf(FIRST)),
      exitIframe,
    })),
  ];

  it("neither by a header, nor by a script, nor by a frame, whatever the address says", async () => {
    const admin = await openAdmin();
    const wrong: string[] = [];
    const ask = async (path: string) => {
      const { status, location, headers, text } = await admin.ask(path, { headers: { accept: "text/html" } });
      const target = location === null ? null : new URL(location, admin.server.origin);
      const ours = [admin.server.origin, "http://localhost", "https://admin.shopify.com", `https://${FIRST}`];
      if (target !== null && !ours.includes(target.origin)) wrong.push(`${path} → ${location}`);
      if (
        /<script[^>]*>[^<]*evil/.test(text) &&
        headers.get("content-type")?.startsWith("text/html") &&
        path.startsWith("/auth")
      )
        wrong.push(`${path}: a script`);
      const policy = headers.get("content-security-policy") ?? "no policy";
      if (/evil|no policy/.test(policy) || policy.includes(",")) wrong.push(`${path}: ${policy}`);
      if (headers.get("x-content-type-options") !== "nosniff") wrong.push(`${path}: sniffed`);
      if (headers.get("referrer-policy") !== "strict-origin") wrong.push(`${path}: referrer`);
      if (status >= 500) wrong.push(`${path}: ${status}`);
    };
    for (const path of PATHS) for (const query of QUERIES) await ask(`${path}?${new URLSearchParams(query)}`);
    for (const path of [
      "//evil.example.com",
      "//evil.example.com/app?shop=evil",
      "/\\evil.example.com",
      "/app//evil.example.com",
    ])
      await ask(path);
    expect(wrong).toEqual([]);
  }, 120_000);

  it("lets the library's own pages work: their scripts bear the nonce of their policy", async () => {
    const admin = await openAdmin();
    const { location } = await admin.ask(`/app?${queryOf(FIRST)}`, { headers: { accept: "text/html" } });
    const page = await admin.ask(location ?? "");
    expect(page.status).toBe(200);
    const policy = page.headers.get("content-security-policy") ?? "";
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(page.text).toContain(`<script nonce="${nonce}" data-api-key=`);
    expect(policy).toContain(`frame-ancestors https://${FIRST} https://admin.shopify.com`);
    const again = await admin.ask(location ?? "");
    expect(again.headers.get("content-security-policy")).not.toContain(nonce);
  }, 60_000);
});
