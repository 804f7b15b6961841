import { createHash } from "node:crypto";
import type { CustomerPrivacyPayload, ExtensionApi, RegisterInit } from "@shopify/web-pixels-extension";
import { afterEach, vi } from "vitest";
import { PIXEL_EVENT_NAMES } from "~/events/names";
import { type PixelDataset, type PixelSettings, toPixelRecord } from "~/events/pixel-settings";
import { beaconSchema } from "~/sources/beacon";
import { startPixel } from "../../../extensions/meta-pixel/src/pixel";
import { copyOf, parametersOf } from "../../simulators/meta/browser-leg";
import { context, PAGE } from "./events";

/** A model of Shopify's sandbox and of the two doors behind it; nothing in here takes longer than a turn. */

export const NOW = Date.parse("2026-11-20T10:00:01.000Z");
export const DATASET = "1234567890";
export const SHOP = "example-shop.myshopify.com";
export const TR_URL = "https://www.facebook.com/tr";
export const COLLECT_URL = "https://tandem.example/collect";

export const ALLOWED = {
  analyticsProcessingAllowed: true,
  marketingAllowed: true,
  preferencesProcessingAllowed: true,
  saleOfDataAllowed: true,
};
export const REFUSED = {
  analyticsProcessingAllowed: false,
  marketingAllowed: false,
  preferencesProcessingAllowed: false,
  saleOfDataAllowed: false,
};

/** A dataset that wants everything as it is, but for what is said of it. */
export function datasetLike(wishes: Partial<PixelDataset> = {}): PixelDataset {
  return {
    dataset: DATASET,
    events: PIXEL_EVENT_NAMES,
    ids: "$v",
    value: "total",
    restricted: false,
    hosts: [],
    paths: [],
    countries: [],
    ...wishes,
  };
}

export const SETTINGS: PixelSettings = {
  collectUrl: COLLECT_URL,
  trUrl: TR_URL,
  beaconKey: "key-of-the-shop",
  datasets: [datasetLike()],
};

/** What the pixel asks of the world around it. */
interface Effects {
  fetch: (url: string, request: RequestInit) => Promise<{ ok: boolean }>;
  /** Epoch milliseconds. */
  now: () => number;
  random: () => number;
  sha256: (bytes: Uint8Array) => Promise<ArrayBuffer>;
}

export interface Request {
  url: string;
  init: RequestInit;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

type Answer = () => Promise<{ ok: boolean }>;

const TAKEN: Answer = async () => ({ ok: true });

export interface HostOptions {
  settings?: Partial<PixelSettings>;
  consent?: typeof ALLOWED;
  data?: { [field in keyof RegisterInit["data"]]?: unknown };
  /** What the browser's cookie jar and storage hold already; shared between pages of one browser. */
  browser?: Browser;
  effects?: Partial<Effects>;
  /** What /tr and /collect answer. */
  tr?: Answer;
  collect?: Answer;
  api?: (api: ExtensionApi) => object;
}

/** One hit by its names on the wire; the only one that may be said twice stands apart. */
export interface Hit {
  externalIds: string[];
  [name: `${"ud" | "cd"}[${string}]`]: string;
  id?: string;
  ev?: string;
  eid?: string;
  dl?: string;
  rl?: string;
  ts?: string;
  if?: string;
  a?: string;
  fbp?: string;
  fbc?: string;
  dpo?: string;
  dpoco?: string;
  dpost?: string;
}

/** What outlives a page. */
export interface Browser {
  cookies: Map<string, string>;
  storage: Map<string, string>;
  /** Every cookie as it was written, attributes and all. */
  written: string[];
  /** What was asked of the browser. */
  touched: string[];
}

export function newBrowser(): Browser {
  return { cookies: new Map(), storage: new Map(), written: [], touched: [] };
}

const RealDate = Date;

/** A page with the pixel on it. */
export function openPage(options: HostOptions = {}) {
  const { browser = newBrowser(), tr = TAKEN, collect = TAKEN } = options;
  const requests: Request[] = [];
  const waits: { ms: number; over: () => void }[] = [];
  const listeners = new Map<string, (event: unknown) => unknown>();
  let consentListener: (event: CustomerPrivacyPayload) => void = () => undefined;
  let drawn = 0;

  const init: RegisterInit = {
    context: context(PAGE),
    customerPrivacy: options.consent ?? ALLOWED,
    data: {
      customer: null,
      cart: null,
      purchasingCompany: null,
      shop: {
        countryCode: "US",
        myshopifyDomain: SHOP,
        name: "Example",
        paymentSettings: { currencyCode: "USD" },
        storefrontUrl: "https://www.example.com",
      },
      ...(options.data as object),
    },
  };
  const storage = (area: Map<string, string>) => ({
    clear: async () => area.clear(),
    getItem: async (key: string) => {
      browser.touched.push(`storage.get ${key}`);
      return area.get(key) ?? null;
    },
    key: async () => null,
    length: async () => area.size,
    removeItem: async (key: string) => void area.delete(key),
    setItem: async (key: string, value: unknown) => {
      browser.touched.push(`storage.set ${key}`);
      area.set(key, String(value));
    },
  });
  const api: ExtensionApi = {
    settings: toPixelRecord({ ...SETTINGS, ...options.settings }),
    _pixelInfo: {},
    init,
    analytics: {
      subscribe: (name, callback) => {
        listeners.set(name, callback as (event: unknown) => unknown);
        return () => true;
      },
    },
    customerPrivacy: {
      subscribe: (name, callback) => {
        if (name === "visitorConsentCollected") consentListener = callback;
        return () => true;
      },
    },
    browser: {
      cookie: {
        get: async (name = "") => {
          browser.touched.push(`cookie.get ${name}`);
          return browser.cookies.get(name) ?? "";
        },
        set: async (cookie) => {
          browser.touched.push("cookie.set");
          browser.written.push(cookie);
          const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
          browser.cookies.set(name, value);
          return "";
        },
      },
      localStorage: storage(browser.storage),
      sessionStorage: storage(new Map()),
      sendBeacon: async () => true,
    },
  };
  const effects: Effects = {
    fetch: (url, request) => {
      requests.push({ url, init: request });
      return url.startsWith(TR_URL) ? tr() : collect();
    },
    now: () => NOW,
    random: () => {
      drawn += 1;
      return drawn / 1_000;
    },
    // The same digests as WebCrypto's, without leaving the turn.
    sha256: async (bytes) => {
      const { buffer, byteOffset, byteLength } = bytes;
      return new Uint8Array(
        createHash("sha256")
          .update(Buffer.from(buffer, byteOffset, byteLength))
          .digest(),
      ).buffer;
    },
    ...options.effects,
  };
  /** The world is that of the page where something happens. */
  function enter(): void {
    vi.stubGlobal("fetch", (url: string | URL, request: RequestInit) => effects.fetch(String(url), request));
    vi.stubGlobal("crypto", { subtle: { digest: (_sha256: string, bytes: Uint8Array) => effects.sha256(bytes) } });
    vi.stubGlobal("setTimeout", (over: (value: unknown) => void, ms: number, value: unknown) =>
      waits.push({ ms, over: () => over(value) }),
    );
    vi.stubGlobal(
      "Date",
      class extends RealDate {
        constructor(at: number | string = effects.now()) {
          super(at);
        }
        static override now = () => effects.now();
      },
    );
    vi.spyOn(Math, "random").mockImplementation(effects.random);
  }
  enter();
  startPixel({ ...api, ...options.api?.(api) });

  return {
    browser,
    settings: api.settings,
    requests,
    listeners,
    /** Milliseconds of every wait that has begun. */
    waits,
    /** Fires events at once and comes back when all is quiet. */
    async fire(...events: { name: string }[]): Promise<void> {
      enter();
      for (const event of events) listeners.get(event.name)?.(event);
      await quiet();
    },
    /** Fires whatever it is under a name. */
    async fireRaw(name: string, event: unknown): Promise<void> {
      enter();
      listeners.get(name)?.(event);
      await quiet();
    },
    /** Lets the waits of so many milliseconds end. */
    async pass(ms: number): Promise<void> {
      for (const wait of waits) if (wait.ms <= ms) wait.over();
      await quiet();
    },
    consents(customerPrivacy: typeof ALLOWED): void {
      consentListener({ customerPrivacy });
    },
    /** What reached Meta, as its stand-in would have understood it. */
    async hits(): Promise<Hit[]> {
      const hits: Hit[] = [];
      for (const { url, init } of requests.filter(({ url }) => url.startsWith(TR_URL))) {
        const body = String(init.body ?? "");
        const type = "application/x-www-form-urlencoded";
        const parameters = await parametersOf(new URL(url).searchParams, type, Buffer.from(body));
        const copy = copyOf(parameters, NOW);
        if (copy === null) throw new Error(`/tr would not know what to do with ${url}`);
        if (copy.warnings.length > 0) throw new Error(copy.warnings.join(", "));
        const { "ud[external_id]": externalIds = [], ...others } = parameters;
        const hit: Hit = { externalIds: [externalIds].flat() };
        for (const [name, value] of Object.entries(others)) {
          if (typeof value !== "string") throw new Error(`/tr takes a single ${name}`);
          hit[name as "ev"] = value;
        }
        hits.push(hit);
      }
      return hits;
    },
    /** The bodies that were posted to /collect, as they are. */
    bodies(): string[] {
      return requests.filter(({ url }) => url === COLLECT_URL).map(({ init }) => String(init.body));
    },
    /** The same as the server reads them; throws when it would not. */
    beacons() {
      return this.bodies().map((body) => beaconSchema.parse(JSON.parse(body)));
    },
  };
}

/** Everything that waits for nothing but its turn has had it. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
