/** What a shopper's browser puts around the pixel's requests. */
interface Options {
  /** Of the page. */
  origin: string;
  /** Who is asking: every request says so. */
  headers: Readonly<Record<string, string>>;
  /** An ad blocker stands between. */
  blocked: boolean;
  fetch: typeof fetch;
  /** The page is gone. */
  gone: AbortSignal;
}

/** As Chromium words it, whatever the reason was. */
const FAILED = "Failed to fetch";

/** `fetch` as a worker of the page has it: cross-origin rules and the ad blocker included. */
export function workerFetch({ origin, headers, blocked, fetch: send, gone }: Options): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : String(input), `${origin}/`);
    if (blocked && isMeta(url)) throw new TypeError(FAILED);
    const { signal, ...rest } = init;
    const request = new Request(input instanceof Request ? input : url, rest);
    const method = request.method;
    const sent = new Headers(request.headers);
    const asked = { origin, url, method, headers: new Headers(sent) };
    for (const [name, value] of Object.entries({ ...headers, origin })) sent.set(name, value);
    const body = method === "GET" || method === "HEAD" ? null : await request.arrayBuffer();
    const signals = [...(signal ? [signal] : []), ...(request.keepalive ? [] : [gone])];
    const go = (over: RequestInit = {}) =>
      send(url, { method, headers: sent, body, signal: AbortSignal.any(signals), ...over });

    if (url.origin === origin) return go();
    if (request.mode === "no-cors") return opaque(await go());
    if (needsPreflight(asked)) {
      const allowed = await go({ method: "OPTIONS", body: null, headers: preflightHeaders(sent, asked) });
      if (!allowed.ok || !mayRead(allowed, origin) || !mayAsk(allowed, asked)) throw new TypeError(FAILED);
    }
    const response = await go();
    if (!mayRead(response, origin)) throw new TypeError(FAILED);
    return response;
  };
}

/** Meta's own hosts, and whatever stands in for its /tr. */
function isMeta({ hostname, pathname }: URL): boolean {
  return /(?:^|\.)facebook\.(?:com|net)$/.test(hostname) || /^\/tr\/?$/.test(pathname);
}

interface Asked {
  origin: string;
  url: URL;
  method: string;
  headers: Headers;
}

const SIMPLE_TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];
const SIMPLE_HEADERS = ["accept", "accept-language", "content-language", "content-type"];

/** https://fetch.spec.whatwg.org/#cors-preflight-fetch */
function needsPreflight({ method, headers }: Asked): boolean {
  return !["GET", "HEAD", "POST"].includes(method) || unusual(headers).length > 0;
}

function unusual(headers: Headers): string[] {
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const simpleType = type === undefined || SIMPLE_TYPES.includes(type);
  return [...headers.keys()].filter(
    (name) => !SIMPLE_HEADERS.includes(name) || (name === "content-type" && !simpleType),
  );
}

function preflightHeaders(sent: Headers, { method, headers }: Asked): Headers {
  const preflight = new Headers(sent);
  preflight.delete("content-type");
  preflight.set("access-control-request-method", method);
  preflight.set("access-control-request-headers", unusual(headers).join(","));
  return preflight;
}

function mayAsk(response: Response, { headers }: Asked): boolean {
  const allowed = (response.headers.get("access-control-allow-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  return allowed.includes("*") || unusual(headers).every((name) => allowed.includes(name));
}

function mayRead(response: Response, origin: string): boolean {
  const allowed = response.headers.get("access-control-allow-origin");
  return allowed === "*" || allowed === origin;
}

/** A no-cors answer says nothing at all. */
async function opaque(response: Response): Promise<Response> {
  await response.arrayBuffer();
  return Object.defineProperties(new Response(null), {
    type: { value: "opaque" },
    status: { value: 0 },
    ok: { value: false },
    url: { value: "" },
  });
}
