import type { ExtensionApi, ShopifyGlobal } from "@shopify/web-pixels-extension";
import type { StandardEvent } from "../events/envelope";
import type { FrameCall, FromHost, StorageMethod, ToHost } from "./messages";
import type { Privacy } from "./privacy";

/**
 * Shopify's side of the sandbox: gives a pixel `shopify.extend` and passes on what the page says. It is bundled into one
 * script and runs in a web worker or in a realm of node:vm, and cannot tell which.
 */
interface Scope {
  postMessage(message: FromHost): void;
  importScripts(url: string): void;
  onmessage: ((event: { data: ToHost }) => void) | null;
  addEventListener?(type: "unhandledrejection", listener: (event: { reason: unknown }) => void): void;
  shopify?: ShopifyGlobal;
  Date: DateConstructor;
}

type Callback<Message> = (message: Message) => unknown;

const scope = globalThis as unknown as Scope;
const calls = new Map<number, (value: string | number | null) => void>();
const subscribers: { name: string; callback: Callback<StandardEvent> }[] = [];
const consentSubscribers = new Set<Callback<{ customerPrivacy: Privacy }>>();
const past: StandardEvent[] = [];
let collected: Privacy | null = null;
let calling = 0;

scope.addEventListener?.("unhandledrejection", ({ reason }) => tellFault(reason));

scope.onmessage = ({ data: message }) => {
  switch (message.kind) {
    case "start":
      return start(message);
    case "privacy":
      collected = message.privacy;
      for (const callback of consentSubscribers) run(callback, { customerPrivacy: message.privacy });
      return;
    case "event":
      past.push(message.event);
      for (const { name, callback } of subscribers) if (hears(name, message.event)) run(callback, message.event);
      return;
    case "answer":
      calls.get(message.call)?.(message.value);
      calls.delete(message.call);
      return;
  }
};

function start({ bundle, now, settings, init }: Extract<ToHost, { kind: "start" }>): void {
  holdClock(now);
  const api: ExtensionApi = {
    settings,
    init,
    analytics: { subscribe },
    customerPrivacy: { subscribe: subscribeToConsent },
    browser: {
      cookie: {
        get: (name) => askText({ target: "cookie", method: "get", args: name === undefined ? [] : [name] }),
        set: (cookieOrName, value) =>
          askText({
            target: "cookie",
            method: "set",
            args: value === undefined ? [cookieOrName] : [cookieOrName, value],
          }),
      },
      localStorage: storage("localStorage"),
      sessionStorage: storage("sessionStorage"),
      sendBeacon: (url, body) =>
        fetch(url, { method: "POST", keepalive: true, mode: "no-cors", ...(body === undefined ? {} : { body }) }).then(
          () => true,
          () => false,
        ),
    },
    _pixelInfo: {},
  };
  scope.shopify = {
    extend(point, extension) {
      if (point !== "WebPixel::Render") throw new Error(`there is no extension point ${String(point)}`);
      run(extension, api);
    },
  };
  try {
    scope.importScripts(bundle);
  } catch (error) {
    tellFault(error);
  }
}

/** Whoever subscribes late hears what was published before, as Shopify replays it. */
function subscribe(name: string, callback: Callback<never>): () => boolean {
  const entry = { name, callback: callback as Callback<StandardEvent> };
  subscribers.push(entry);
  for (const event of past) if (hears(name, event)) queueMicrotask(() => run(entry.callback, event));
  return () => {
    const index = subscribers.indexOf(entry);
    if (index >= 0) subscribers.splice(index, 1);
    return index >= 0;
  };
}

function hears(name: string, event: StandardEvent): boolean {
  return name === event.name || name === "all_events" || name === "all_standard_events";
}

function subscribeToConsent(name: string, callback: Callback<{ customerPrivacy: Privacy }>): () => boolean {
  if (name !== "visitorConsentCollected") return () => false;
  consentSubscribers.add(callback);
  const customerPrivacy = collected;
  if (customerPrivacy !== null) queueMicrotask(() => run(callback, { customerPrivacy }));
  return () => consentSubscribers.delete(callback);
}

/** A fault in one callback is told and costs no other. Each gets a copy of its own. */
function run<Message>(callback: Callback<Message>, message: Message): void {
  try {
    const copy = "name" in (message as object) ? (JSON.parse(JSON.stringify(message)) as Message) : message;
    Promise.resolve(callback(copy)).catch(tellFault);
  } catch (error) {
    tellFault(error);
  }
}

function tellFault(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  scope.postMessage({ kind: "fault", message });
}

function ask(call: FrameCall): Promise<string | number | null> {
  calling += 1;
  const id = calling;
  return new Promise((resolve) => {
    calls.set(id, resolve);
    scope.postMessage({ kind: "call", call: id, ...call });
  });
}

async function askText(call: FrameCall): Promise<string> {
  return String((await ask(call)) ?? "");
}

function storage(target: "localStorage" | "sessionStorage"): ExtensionApi["browser"]["localStorage"] {
  const call = (method: StorageMethod, ...args: string[]) => ask({ target, method, args });
  const textOrNull = (value: string | number | null) => (value === null ? null : String(value));
  return {
    getItem: async (key) => textOrNull(await call("getItem", key)),
    setItem: async (key, value) => void (await call("setItem", key, String(value))),
    removeItem: async (key) => void (await call("removeItem", key)),
    clear: async () => void (await call("clear")),
    key: async (index) => textOrNull(await call("key", String(index))),
    length: async () => Number(await call("length")),
  };
}

/** Network takes time too: a smaller difference is no clock that somebody holds. */
const HELD_MS = 2_000;

/** The pixel's clock shows the shop's time. */
function holdClock(now: number): void {
  const { Date: Real } = scope;
  const ahead = now - Real.now();
  if (Math.abs(ahead) < HELD_MS) return;
  scope.Date = new Proxy(Real, {
    construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [Real.now() + ahead] : args, made),
    get: (target, key) => (key === "now" ? () => Real.now() + ahead : Reflect.get(target, key)),
  });
}
