import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isPostgres } from "~/database-address";
import { sha256Hex } from "~/match-keys/hash.server";
import { limitFiles } from "../faults/file-limit";
import { APP, queryOf } from "../server/admin";
import { connectShop, freshHouse, read, type Server, until } from "../server/processes";
import { closing } from "../server/stand-ins";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import { startShopifyAuth } from "../simulators/shopify/auth";
import { mintSessionToken } from "../simulators/shopify/session-token";
import { SHOP } from "../support/pipeline";
import { inPostgres } from "../support/psql";
import { hits } from "./canary/evidence";
import { everyBeacon, everyTopic, everythingBad, everythingOversize } from "./canary/paths";
import {
  BROWSER,
  bodyOf,
  EMAIL,
  IDENTITY,
  IP,
  LAST_NAME,
  RAW_KEYS,
  SECRETS,
  STREET,
  USER_AGENT,
} from "./canary/person";
import { METRICS_TOKEN, openResidence, type Residence, SHOWING, signed } from "./canary/residence";

const OTHER = "other-shop.myshopify.com";
/** Stands where settings should. */
const POISON = "Unreadabella";
const OTHER_DATASET = "2222222222";
const QUOTING = { kind: "error", code: 100, quotes: true, count: 4 } as const;
const QUOTING_OUTAGE = { kind: "error", code: 2, quotes: true, count: 1 } as const;

async function openHouse() {
  const meta = closing(await startMeta());
  const shopify = closing(await startShopifyAuth(APP));
  const crash = {
    quoted: [EMAIL, IP, ...BROWSER.filter((word) => word.startsWith("fb.")), USER_AGENT],
    hanging: IDENTITY,
  };
  const house = freshHouse({
    META_GRAPH_URL: meta.origin,
    SHOPIFY_STAND_IN: shopify.origin,
    TRUSTED_PROXIES: "1",
    TEST_CRASH: JSON.stringify(crash),
  });
  await connectShop(house);
  await connectShop(house, OTHER, OTHER_DATASET);
  const { beaconKey } = await read(house, (db) => db.shop.findUniqueOrThrow({ where: { domain: SHOP } }));
  const residence = openResidence(house);
  const secrets = () => [
    ...SECRETS,
    house.env.SHOPIFY_API_SECRET ?? "",
    house.env.ENCRYPTION_KEY ?? "",
    ...shopify.exchanges.flatMap(({ accessToken }) => accessToken ?? []),
  ];
  return { meta, residence, beaconKey, secrets };
}

const metricsOf = (residence: Residence, origin: string) =>
  residence.ask(origin, "/metrics", { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });

/** Every page of the admin that shows a delivery, as its merchant sees it. */
async function look(residence: Residence, { origin }: Server): Promise<void> {
  const rows = await read(residence.house, (db) =>
    db.event.findMany({ select: { id: true, name: true, outcome: true } }),
  );
  const one = new Map(rows.map(({ id, name, outcome }) => [`${name} ${outcome}`, id]));
  const paths = [
    "/app",
    "/app/deliveries",
    "/app/settings",
    "/app/privacy",
    "/app/alerts",
    "/app/replay",
    "/app/replay?outcome=rejected",
    ...[...one.values()].map((id) => `/app/deliveries/${id}`),
  ];
  for (const path of paths) {
    const query = queryOf(SHOP, mintSessionToken(APP, SHOP));
    const headers = { accept: "text/html", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0" };
    expect([
      path,
      await residence.ask(origin, `${path}${path.includes("?") ? "&" : "?"}${query}`, { headers, asMerchant: true }),
    ]).toEqual([path, 200]);
  }
}

/** Every command, with what it is given to read; what is not understood too. */
async function everyCommand({ commands }: Residence, { origin }: Server): Promise<void> {
  const order = JSON.stringify(bodyOf(800));
  const shown = await commands(SHOWING, [
    ["payload --topic orders/create", order],
    [`payload --topic orders/create --shop ${SHOP}`, order],
    ["payload --topic orders/create", JSON.stringify({ ...bodyOf(800), currency: EMAIL })],
    ["match-keys", JSON.stringify(RAW_KEYS)],
    ["payload --topic orders/create", order.slice(0, order.indexOf(EMAIL) + 12)],
    ["match-keys", JSON.stringify({ em: { [EMAIL]: EMAIL } })],
    ["match-keys", EMAIL],
  ]);
  expect(shown).toEqual([0, 0, 0, 0, 2, 2, 2]);
  const others = await commands("commands", [
    [`simulate --topic orders/create --shop ${SHOP} --url ${origin}`, order],
    ["shop list --json"],
    [`replay --shop ${SHOP} --yes`],
    ["privacy receipts --json"],
    ["keys rotate"],
    // Says what is wrong with a shop that was uninstalled, and the like.
    ["doctor --json"],
  ]);
  expect(others.slice(0, 3)).toEqual([0, 0, 0]);
  expect(others).toHaveLength(6);
}

/** The store takes no more while this lasts; what comes is refused. */
async function withoutStore(residence: Residence, server: Server, meanwhile: () => Promise<void>): Promise<void> {
  const { path } = residence.house;
  if (!isPostgres(path)) {
    // No file at all: the log may have room within what it has already grown to.
    limitFiles({ pids: [server.pid] }, 0);
    await meanwhile();
    return limitFiles({ pids: [server.pid] }, null);
  }
  const url = new URL(path);
  const name = url.pathname.slice(1);
  url.pathname = "/postgres";
  const hangUp = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
  inPostgres(url.href, `ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
  inPostgres(url.href, hangUp);
  await meanwhile();
  inPostgres(url.href, `ALTER DATABASE "${name}" RESET default_transaction_read_only`);
  inPostgres(url.href, hangUp);
}

/** Meta has taken some, and refused some in words of theirs. */
async function settled(residence: Residence, meta: MetaStandIn): Promise<void> {
  const count = (outcome: string) =>
    read(residence.house, (db) => db.event.count({ where: { outcome, attempts: { gt: 0 } } }));
  await until(
    async () => (await count("accepted")) > 0 && (await count("rejected")) > 0,
    "Meta took some and refused some",
  );
  const sent = meta.received.map(({ body }) => JSON.stringify(body)).join("\n");
  for (const word of [IP, "Zephyrphone", sha256Hex(EMAIL.toLowerCase())]) expect(sent).toContain(word);
}

describe("a shopper who takes every way in", () => {
  it("is found in no file, log, number or answer, and the tokens neither", async () => {
    const { meta, residence, beaconKey, secrets } = await openHouse();
    const expectNothing = (when: string) => {
      expect(hits(residence.evidence(), [...IDENTITY, ...BROWSER, ...secrets()]), when).toEqual([]);
      expect(hits(residence.shown(), [...IDENTITY, ...secrets()]), when).toEqual([]);
    };

    const first = await residence.start();
    meta.weather.script([QUOTING]);
    const topics = await everyTopic(residence, first.origin, { shop: SHOP, other: OTHER, from: 100 });
    expect([...topics].filter(([, status]) => status !== 200)).toEqual([]);
    expect(new Set(await everyBeacon(residence, first.origin, SHOP, beaconKey))).toEqual(new Set([204]));
    await everythingBad(residence, first.origin, SHOP, beaconKey);
    await everythingOversize(residence, first.origin, SHOP, beaconKey);
    await settled(residence, meta);
    await look(residence, first);
    await everyCommand(residence, first);
    await metricsOf(residence, first.origin);
    const underWay = everyTopic(residence, first.origin, { shop: SHOP, other: OTHER, from: 200 });
    first.kill("SIGKILL");
    await Promise.all([underWay, first.exited]);
    // A killed server leaves SQLite's log as it is, with every page ever written.
    if (!isPostgres(residence.house.path)) expect([...residence.evidence().keys()]).toContain("tandem.sqlite-wal");
    expectNothing("after kill -9");

    // What cannot be read is quoted by whoever says so.
    await connectShop(residence.house, OTHER, OTHER_DATASET);
    await read(residence.house, (db) => db.shop.update({ where: { domain: OTHER }, data: { settings: POISON } }));
    const second = await residence.start();
    await residence.ask(second.origin, "/webhooks", signed(JSON.stringify(bodyOf(300)), "orders/create", OTHER));
    await withoutStore(residence, second, async () => {
      const refused = await everyTopic(residence, second.origin, { shop: SHOP, other: OTHER, from: 310 });
      expect(refused.get("orders/create")).toBe(503);
      await everyBeacon(residence, second.origin, SHOP, beaconKey);
    });
    meta.weather.script([QUOTING_OUTAGE]);
    const interrupted = everyTopic(residence, second.origin, { shop: SHOP, other: OTHER, from: 400 });
    second.kill("SIGTERM");
    expect((await second.exited).code).toBe(0);
    await interrupted;
    expect(second.stdout()).toContain("is not valid JSON");
    expect(second.stdout()).not.toContain(POISON);
    expectNothing("after SIGTERM");

    const third = await residence.start();
    await everyTopic(residence, third.origin, { shop: SHOP, other: OTHER, from: 500 });
    await metricsOf(residence, third.origin);
    third.kill("SIGUSR2");
    expect(await third.exited).toEqual({ code: 1, signal: null });
    expect(third.stdout()).toContain('"crashed"');
    expectNothing("after a crash");
  }, 120_000);

  it("is found wherever it does stand: in files and rows, in what is said, in numbers, in heads and bodies of answers", async () => {
    const house = freshHouse({ SHOPIFY_STAND_IN: "http://127.0.0.1:1" });
    await connectShop(house);
    const residence = openResidence(house);
    await read(house, (db) => db.shop.update({ where: { domain: SHOP }, data: { primaryDomain: STREET } }));
    const blabbing = closing(await startBlabbing());
    await metricsOf(residence, blabbing.origin);
    await residence.ask(blabbing.origin, "/page", { asMerchant: true });
    await residence.commands("commands", [
      ["match-keys", JSON.stringify({ [EMAIL]: "" })],
      ["match-keys", "{}"],
    ]);
    await residence.commands(SHOWING, [["match-keys", JSON.stringify({ fbp: STREET, [LAST_NAME]: "" })]]);
    writeFileSync(join(residence.folder, "left-behind"), Buffer.from(`${IP}\n`));

    const found = hits(residence.evidence(), [EMAIL, STREET, IP]);
    const places = [
      isPostgres(house.path) ? /^1947 Zyxwren Crescent in "Shop"$/ : /^1947 Zyxwren Crescent in tandem\.sqlite(-wal)?$/,
      /^203\.0\.113\.177 in left-behind$/,
      /^Quillon.*@example\.com in stderr of commands/,
      /^Quillon.*%40example\.com in answer 0 to GET \/metrics: 200$/,
      /in answer 0 to GET \/metrics: 200$/,
    ];
    for (const place of places) expect(found).toContainEqual(expect.stringMatching(place));
    if (isPostgres(house.path)) {
      expect(found).toContainEqual(expect.stringMatching(/ in \/pg_wal\//));
      expect(found).toContainEqual(expect.stringMatching(/ in \/base\//));
    }
    expect(hits(residence.shown(), [LAST_NAME, STREET])).toEqual([
      "1947%20Zyxwren%20Crescent in answer 1 to GET /page: 200",
      "NDcgWnl4d3JlbiBDcmVzY2Vu in answer 1 to GET /page: 200",
      "Vexworthy in answer 1 to GET /page: 200",
      "Vexworthy in stderr of commands that show (1)",
    ]);
  });
});

/** A server that tells everybody of the shopper: in a header, and in a body as base64 in the middle of something else. */
async function startBlabbing() {
  const server = createServer((_request, response) => {
    const quoted = Buffer.from(`for ${STREET} only`).toString("base64");
    response
      .writeHead(200, { "x-mail": encodeURIComponent(EMAIL), "x-street": encodeURIComponent(STREET) })
      .end(quoted);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}
