import { webcrypto } from "node:crypto";
import { createContext, runInContext } from "node:vm";
import type { FromHost, ToHost } from "../pixel/messages";
import type { Sandbox } from "../pixel/page";
import type { Activity } from "./activity";

interface Options {
  /** The host's script. */
  host: string;
  /** The pixel's. */
  bundle: string;
  userAgent: string;
  fetch: typeof fetch;
  activity: Activity;
  hear: (message: FromHost) => void;
}

/** Timers that are due sooner count as something going on; later ones are limits that are rarely reached. */
const SOON_MS = 200;

/** Whose rejections are told to whom, as long as the realm is open. */
const open = new Map<new (...args: never) => Promise<unknown>, (reason: unknown) => void>();

const FOREVER = new Promise<never>(() => undefined);

/** A web worker's place in node:vm: the host's script runs in it, and loads the bundle, as in a browser. */
export function openRealm({ host, bundle, userAgent, fetch, activity, hear }: Options): Sandbox {
  const timers = new Set<NodeJS.Timeout>();
  let ended = false;

  function later(callback: (...args: unknown[]) => void, delay = 0, ...args: unknown[]): NodeJS.Timeout {
    const end = delay < SOON_MS ? activity.begin() : () => undefined;
    const timer = setTimeout(() => {
      timers.delete(timer);
      callback(...args);
      end();
    }, delay);
    timers.add(timer);
    endings.set(timer, end);
    return timer;
  }
  const endings = new WeakMap<NodeJS.Timeout, () => void>();
  function never(timer: NodeJS.Timeout | undefined): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    endings.get(timer)?.();
    timers.delete(timer);
  }

  /** Code of a worker that is gone goes no further. */
  const alive = (response: Response) => (ended ? FOREVER : response);
  function failed(error: unknown): Promise<never> {
    if (ended) return FOREVER;
    // An error of the realm's own kind, as a browser would throw it.
    throw error instanceof TypeError ? new (inside("TypeError") as TypeErrorConstructor)(error.message) : error;
  }

  const scope: Record<string, unknown> = {
    postMessage: (message: FromHost) => pass(() => hear(JSON.parse(JSON.stringify(message)) as FromHost)),
    importScripts: () => runInContext(bundle, context, { filename: "pixel.js" }),
    onmessage: null,
    fetch: (...request: Parameters<typeof fetch>) =>
      ended ? FOREVER : activity.during(fetch(...request)).then(alive, failed),
    setTimeout: later,
    clearTimeout: never,
    setInterval: (callback: () => void, delay?: number) => {
      const timer = setInterval(callback, delay);
      timers.add(timer);
      return timer;
    },
    clearInterval: never,
    queueMicrotask,
    structuredClone,
    crypto: tracked(activity),
    navigator: { userAgent, onLine: true },
    console: { log() {}, info() {}, debug() {}, warn() {}, error() {} },
    performance,
    atob,
    btoa,
    URL,
    URLSearchParams,
    TextEncoder,
    TextDecoder,
    Headers,
    Request,
    Response,
    FormData,
    Blob,
    AbortController,
    AbortSignal,
    Event,
    EventTarget,
  };
  const context = createContext(scope);
  scope.self = context;
  const inside = (name: string) => runInContext(name, context) as unknown;
  const listen = runInContext("(text) => onmessage({ data: JSON.parse(text) })", context) as (text: string) => void;

  /** Messages arrive in turn, and never at once. */
  function pass(deliver: () => void): void {
    const end = activity.begin();
    setImmediate(() => {
      if (!ended) deliver();
      end();
    });
  }

  const RealmPromise = inside("Promise") as new (...args: never) => Promise<unknown>;
  watch(RealmPromise, (reason) => hear({ kind: "fault", message: `unhandled rejection: ${textOf(reason)}` }));
  runInContext(host, context, { filename: "pixel-host.js" });
  return {
    send: (message: ToHost) => pass(() => listen(JSON.stringify(message))),
    end() {
      ended = true;
      for (const timer of [...timers]) never(timer);
      open.delete(RealmPromise);
    },
  };
}

function textOf(reason: unknown): string {
  return typeof reason === "object" && reason !== null && "stack" in reason ? String(reason.stack) : String(reason);
}

/** Hashing runs on other threads, where nobody sees it going on. */
function tracked(activity: Activity): Pick<Crypto, "getRandomValues" | "randomUUID" | "subtle"> {
  const subtle = new Proxy(webcrypto.subtle as SubtleCrypto, {
    get(target, key) {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => activity.during(Reflect.apply(method, target, args) as Promise<unknown>);
    },
  });
  return {
    getRandomValues: (array) => crypto.getRandomValues(array),
    randomUUID: () => crypto.randomUUID(),
    subtle,
  };
}

let watching = false;

/**
 * A realm's rejections surface in this process. Those of a realm that is gone are nobody's; those of this process's own
 * promises stay as fatal as they are.
 */
function watch(RealmPromise: new (...args: never) => Promise<unknown>, told: (reason: unknown) => void): void {
  open.set(RealmPromise, told);
  if (watching) return;
  watching = true;
  process.on("unhandledRejection", (reason, promise) => {
    const [, tell] = [...open].find(([Owner]) => promise instanceof Owner) ?? [];
    if (tell !== undefined) tell(reason);
    else if (promise instanceof Promise && process.listenerCount("unhandledRejection") === 1) throw reason;
  });
}
