import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type HeldClock, heldClock } from "../../../../support/clock";
import type { Webhook } from "../../webhooks";
import { openShopper, type Shopper, type ShopperOptions } from "../shopper";
import { openStorefront, type Storefront } from "../storefront";
import { PEOPLE } from "../tables/people";

/** A request that the pixel made. */
export interface Heard {
  path: string;
  body: string;
  headers: IncomingMessage["headers"];
}

export interface Serving {
  origin: string;
  storefront: Storefront;
  clock: HeldClock;
  webhooks: Webhook[];
  /** Posts to /collect. */
  collected: Heard[];
  /** Hits on /tr. */
  hits: Heard[];
  bundle: string;
  shopper(over?: Partial<ShopperOptions>): Shopper;
}

/** Tells of every event by POST /collect and, as Meta's copy, by a hit on /tr; both addresses come from its settings. */
export const TELLTALE = `
shopify.extend("WebPixel::Render", ({ analytics, browser, init, settings, customerPrivacy }) => {
  let privacy = init.customerPrivacy;
  customerPrivacy.subscribe("visitorConsentCollected", (event) => { privacy = event.customerPrivacy; });
  analytics.subscribe("all_standard_events", async (event) => {
    const visits = Number((await browser.localStorage.getItem("heard")) ?? 0) + 1;
    await browser.localStorage.setItem("heard", String(visits));
    if ((await browser.cookie.get("_fbp")) === "") await browser.cookie.set("_fbp=fb.1." + Date.now() + ".42; path=/; max-age=600");
    const fbp = await browser.cookie.get("_fbp");
    let tr = "resolved";
    try {
      await fetch(settings.trUrl + "?ev=" + event.name + "&eid=" + event.id, { mode: "no-cors", keepalive: true });
    } catch (error) {
      tr = error instanceof TypeError ? error.message : "an error of another realm";
    }
    const body = JSON.stringify({ event, privacy, fbp, visits, tr, strict: typeof document === "undefined" });
    await fetch(settings.collectUrl, { method: "POST", body, keepalive: true });
  });
});
`;

const PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";

/** A storefront that is served, and somebody to listen to its pixel. */
export async function serve({ bundle = TELLTALE, connected = true, cartSignals = false } = {}): Promise<Serving> {
  const clock = heldClock();
  const webhooks: Webhook[] = [];
  const collected: Heard[] = [];
  const hits: Heard[] = [];
  const folder = mkdtempSync(join(tmpdir(), "storefront-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "pixel.js");
  writeFileSync(file, bundle);

  const listener = await listen(async (request, response) => {
    const path = request.url ?? "";
    let body = "";
    for await (const chunk of request) body += String(chunk);
    if (request.method === "POST" || request.method === "GET") {
      (path.startsWith("/tr") ? hits : collected).push({ path, body, headers: request.headers });
    }
    response.writeHead(204, { "access-control-allow-origin": "*" }).end();
  });
  const settings = {
    collectUrl: `${listener}/collect`,
    trUrl: `${listener}/tr`,
    beaconKey: "key-of-the-test",
    datasets: JSON.stringify([
      {
        dataset: "100200300400500",
        events: ["PageView", "Purchase"],
        ids: "$v",
        value: "total",
        restricted: false,
        hosts: [],
        paths: [],
        countries: [],
      },
    ]),
  };
  let origin = "";
  const storefront = openStorefront({
    shop: "tandem-demo.myshopify.com",
    name: "Fernhollow Goods",
    now: clock.now,
    pixel: () => (connected ? settings : null),
    bundle: file,
    cartSignals: () => cartSignals,
    deliver: async (webhook) => {
      webhooks.push(webhook);
      return { topic: webhook.topic, id: webhook.id, order: webhook.order ?? null, answers: [200] };
    },
    url: () => origin,
  });
  origin = await listen(async (request, response) => {
    if (!(await storefront.handle(request, response))) response.writeHead(418).end();
  });

  function shopper(over: Partial<ShopperOptions> = {}): Shopper {
    const { country = "US" } = over;
    const opened = openShopper({
      origin,
      bundle: file,
      now: clock.now,
      person: PEOPLE[country],
      country,
      consent: "silent",
      blocked: false,
      ip: "203.0.113.7",
      userAgent: PHONE,
      ...over,
    });
    onTestFinished(() => opened.close());
    return opened;
  }
  return { origin, storefront, clock, webhooks, collected, hits, bundle: file, shopper };
}

async function listen(answer: (...exchange: Parameters<RequestListener>) => Promise<void>): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
