import { Session } from "@shopify/shopify-api";
import { onTestFinished } from "vitest";
import type { Terminal } from "~/cli/command.server";
import type { Row } from "~/cli/doctor/row";
import { type DoctorDeps, doctorWith } from "~/cli/doctor.server";
import { sealedSessionStorage } from "~/settings/sealed-sessions.server";
import { wantedPixelSettings } from "~/settings/web-pixel.server";
import { type ShopifyStandIn, startShopify } from "../simulators/shopify/server";
import { mintSessionToken } from "../simulators/shopify/session-token";
import { prismaUrl } from "../support/database";
import { SHOP, type TestPipeline, testPipeline } from "../support/pipeline";
import { storeEnvOf } from "./run";

export interface Examined {
  code: number;
  out: string;
  ok: boolean;
  checks: Row[];
  /** The checks that failed. */
  failed: string[];
  /** What is said of a check. */
  says(name: string): string | undefined;
}

type Facts = NonNullable<Parameters<typeof startShopify>[0]["facts"]>;
type Pipelined = NonNullable<Parameters<typeof testPipeline>[0]>;

export const APP_URL = "https://tandem.example.com";
const APP = { key: "the-key", secret: "the-secret" };
const FREE_BYTES = 20_000_000_000;

/** A doctor with everybody he asks: a pipeline of its own, Meta and Shopify as stand-ins on the same standing clock. */
export interface Practice {
  pipeline: TestPipeline;
  shopify: ShopifyStandIn;
  env: Record<string, string>;
  /** Gives the shop a session; `accessToken`: absent, one that Shopify has just issued. */
  openSession(over?: { scope?: string; expires?: Date; accessToken?: string }): Promise<void>;
  /** Shopify has accepted what the shop wants now. */
  acceptPixel(): Promise<void>;
  /** `ahead`: milliseconds by which the clocks of Meta and Shopify are ahead of ours. */
  examine(over?: Partial<DoctorDeps> & { env?: Record<string, string>; ahead?: number }): Promise<Examined>;
}

export const SCOPES = "read_orders,read_customers,read_products,read_customer_events,write_pixels,read_markets";

export async function openPractice({ facts = {}, ...over }: Pipelined & { facts?: Facts } = {}): Promise<Practice> {
  const pipeline = await testPipeline(over);
  const { clock, db, store, keyring } = pipeline;
  const shopify = await startShopify({ app: "http://127.0.0.1:9", shop: SHOP, ...APP, now: clock.now, facts });
  onTestFinished(() => shopify.close());
  const env = {
    ...storeEnvOf(pipeline.path, pipeline.keyring[0].bytes),
    DATABASE_URL: prismaUrl(pipeline.path),
    META_GRAPH_URL: pipeline.meta.origin,
    SHOPIFY_APP_URL: APP_URL,
  };

  async function issuedToken(): Promise<string> {
    const issued = await fetch(`${shopify.origin}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "x-stand-in-shop": SHOP },
      body: JSON.stringify({
        client_id: APP.key,
        client_secret: APP.secret,
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: mintSessionToken(APP, SHOP, { now: clock.now() }),
        subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
        requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
        expiring: "1",
      }),
    });
    return (await issued.json()).access_token;
  }

  return {
    pipeline,
    shopify,
    env,
    async openSession({ scope = SCOPES, expires, accessToken } = {}) {
      const session = new Session({
        id: `offline_${SHOP}`,
        shop: SHOP,
        state: "",
        isOnline: false,
        scope,
        expires: expires ?? new Date(clock.now() + 3_600_000),
        accessToken: accessToken ?? (await issuedToken()),
      });
      await sealedSessionStorage({ db, store, keyring, now: clock.now }).storeSession(session);
      await pipeline.registry.refresh();
    },
    async acceptPixel() {
      const shop = pipeline.shop();
      const settings = wantedPixelSettings(shop, { appUrl: APP_URL, trUrl: "https://www.facebook.com/tr" });
      await store.webPixelAccepted(shop.id, { id: "gid://shopify/WebPixel/1", settings, at: clock.now(), after: null });
      await pipeline.registry.refresh();
    },
    examine: async ({ ahead = 0, env: more = {}, ...deps } = {}) => {
      const doctor = doctorWith({
        fetch: networkOf(shopify.origin, () => clock.now() + ahead),
        nodeVersion: "v22.0.0",
        freeBytes: async () => FREE_BYTES,
        ...deps,
      });
      const out: string[] = [];
      const terminal: Terminal = { stdin: nothing(), out: (data) => void out.push(data), err: () => undefined };
      const context = { terminal, root: process.cwd(), env: { ...env, ...more }, now: clock.now };
      const code = await doctor.run(["--json"], context);
      const { ok, checks }: { ok: boolean; checks: Row[] } = JSON.parse(out.join(""));
      const failed = checks.filter((row) => !row.ok).map(({ check }) => check);
      const says = (name: string) => checks.find((row) => row.name === name)?.says;
      return { code, out: out.join(""), ok, checks, failed, says };
    },
  };
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** The network: whatever goes to a shop ends at the stand-in, and everybody's Date header goes by the standing clock. */
function networkOf(shopifyOrigin: string, now: () => number): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input));
    const headers = new Headers(init?.headers);
    const shop = url.hostname.endsWith(".myshopify.com") ? url.hostname : null;
    if (shop !== null) headers.set("x-stand-in-shop", shop);
    const answer = await fetch(shop === null ? url : `${shopifyOrigin}${url.pathname}`, { ...init, headers });
    const dated = new Headers(answer.headers);
    dated.set("date", new Date(now()).toUTCString());
    const empty = init?.method === "HEAD";
    return new Response(empty ? null : await answer.text(), { status: answer.status, headers: dated });
  };
}
