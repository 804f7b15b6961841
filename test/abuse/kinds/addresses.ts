import { type Aim, type Attack, answered, type Case, type Kind, markOf } from "../attack";
import { visit } from "../messages";
import { SHOPPER } from "../shops";
import type { Answer } from "../wire";
import { TEXTS } from "./texts";

const BROWSER = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0" };

const UPS = [
  "../",
  "..%2f",
  "%2e%2e/",
  "%2e%2e%2f",
  "..%5c",
  "..\\",
  "%252e%252e%252f",
  "....//",
  "..;/",
  "%c0%ae%c0%ae/",
  "..%00/",
];
const ROOTS = ["/", "/assets/", "/build/", "/app/", "/auth/", "/webhooks/", "/collect/"];
const FILES = [
  "etc/passwd",
  "package.json",
  "data/encryption.key",
  "data/tandem.sqlite",
  ".env",
  "build/server/index.js",
];

/** Addresses that are no page's. */
const ODD = [
  ...["/.git/config", "/.env", "/package.json", "/prisma/schema.prisma", "/build/server/index.js", "/server/index.js"],
  ...["//evil.example.com/%2f..", "/\\evil.example.com", "/%", "/%zz", "/%ff", "/%00", "/assets/%00", "/app%00"],
  ...["/assets", "/assets/", "/app/deliveries/-1", "/app/deliveries/1e9", "/app/deliveries/0x1"],
  ...[
    "/app/deliveries/NaN",
    `/${"a/".repeat(2_000)}`,
    `/${"%20".repeat(1_000)}`,
    "/wp-login.php",
    `/${SHOPPER.email.toLowerCase()}`,
    "/metrics",
  ],
  ...["/metrics?token=", "/healthz/../metrics", "/app.data", "/_root.data"],
];

/** Nothing is there, or nobody may see it. */
const notThere = answered(400, 401, 403, 404, 405);

export const traversal: Kind = {
  name: "traversal",
  says: "ways out of the folders that are served, and addresses that are no page's",
  cases: () => [
    ...ROOTS.flatMap((root) =>
      UPS.map((up, n): Case => {
        return (random) => {
          const file = FILES[(n + random.between(0, FILES.length - 1)) % FILES.length];
          const path = `${root}${up.repeat(random.between(1, 8))}${file}`;
          // /app/ and /auth/ send whoever has no token to sign in, whatever is asked for.
          return { send: { method: "GET", path, headers: BROWSER }, right: notThereOrSignIn };
        };
      }),
    ),
    ...ODD.map(
      (path): Case =>
        () => ({ send: { method: "GET", path, headers: BROWSER }, right: notThereOrSignIn }),
    ),
    ...["/", "/webhooks", "/collect", "/app", "/healthz", "/app/settings", "/assets/x.js"].flatMap((path) =>
      ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "OPTIONS"].map((method): Case => {
        return () => ({ send: { method, path, headers: BROWSER }, right: notDone });
      }),
    ),
  ],
};

function notThereOrSignIn(answer: Answer): boolean {
  return notThere(answer) || answer.status === 410 || signIn(answer) || withSlash(answer);
}

/** A folder's address is sent on to the same with a slash behind it, on this server. */
function withSlash({ status, location }: Answer): boolean {
  return status === 301 && /^\/(?![/\\]).*\/$/.test(location ?? "");
}

/** A page may be shown to whoever asks for it in an odd way; nothing is done. */
function notDone(answer: Answer): boolean {
  return answered(200, 204, 400, 404, 405, 410, 501)(answer) || signIn(answer);
}

function signIn({ status, location }: Answer): boolean {
  return status === 302 && (location === "/" || (location ?? "").startsWith("/auth/"));
}

const ELSEWHERE = [
  "https://evil.example.com",
  "//evil.example.com",
  "/\\evil.example.com",
  "javascript:alert(1)",
  "evil.example.com",
];
const LEADING = ["shop", "host", "shopify-reload", "exitIframe", "return_to", "redirect", "next", "url"];
const LEADS = ["/", "/app", "/auth/login", "/auth/session-token", "/auth/exit-iframe", "/auth/callback", "/auth/x"];

export const openRedirects: Kind = {
  name: "open_redirects",
  says: "links to us that would lead elsewhere",
  cases: ({ attacker, routes }) => [
    ...LEADS.flatMap((path) =>
      LEADING.map((name, n): Case => {
        return (random) => {
          const mark = markOf(random);
          const where = `${ELSEWHERE[(n + random.between(0, 4)) % ELSEWHERE.length]}`;
          const more = name === "shop" ? "" : `&shop=${attacker.domain}`;
          const query = `${name}=${encodeURIComponent(where)}${more}&x=${encodeURIComponent(TEXTS[n % 3]?.(mark) ?? "")}`;
          return { send: { method: "GET", path: `${path}?${query}`, headers: BROWSER }, right: staysHere, mark };
        };
      }),
    ),
    ...ELSEWHERE.flatMap((where) =>
      ["exitIframe", "shopify-reload"].flatMap((name) =>
        LEADS.map((path): Case => {
          const query = `${name}=${encodeURIComponent(where)}&shop=${attacker.domain}`;
          return () => ({ send: { method: "GET", path: `${path}?${query}`, headers: BROWSER }, right: staysHere });
        }),
      ),
    ),
    ...routes
      .filter(({ names, loads }) => loads && names.length === 0)
      .flatMap((route) =>
        ELSEWHERE.map((where): Case => {
          return () => ({
            send: visit(attacker, route, "page", {
              query: `shopify-reload=${encodeURIComponent(where)}`,
              over: { "x-forwarded-host": "evil.example.com" },
            }),
            right: staysHere,
          });
        }),
      ),
  ],
};

/** Who is led anywhere is led to one of our own pages, or to Shopify's. */
function staysHere({ status, location, body }: Answer): boolean {
  if (status === null || status >= 500) return false;
  if (/(?:http-equiv="refresh"|window\.(?:open|location)|location\.href)[^<]{0,200}evil\.example/.test(body))
    return false;
  if (location === null) return true;
  const { hostname, protocol } = new URL(location, "http://ours.example.org");
  const ours = hostname === "ours.example.org" || hostname === "localhost";
  return protocol.startsWith("http") && (ours || /(?:^|\.)(?:myshopify|shopify)\.com$/.test(hostname));
}

export const smuggled: Kind = {
  name: "smuggled_headers",
  says: "heads that two readers would read differently, and lines of their own in headers",
  cases: (aim) => [
    ...PATHS.flatMap((path) =>
      HEADS.map(
        (head): Case =>
          (random) =>
            smuggle(aim, path, head, markOf(random)),
      ),
    ),
  ],
};

const PATHS = ["/webhooks", "/collect", "/app/settings", "/healthz"];

/** Between the request line and the body; HIDDEN is as long as what is hidden in the body. */
const HEADS = [
  "content-length: 6\r\ntransfer-encoding: chunked",
  "transfer-encoding: chunked\r\ncontent-length: 6",
  "content-length: 5\r\ncontent-length: 6",
  "content-length: 5, 6",
  "content-length: +5",
  "content-length: 0x5",
  "content-length: -1",
  "content-length: 5 6",
  "content-length : 5",
  "transfer-encoding : chunked",
  "transfer-encoding: xchunked",
  "transfer-encoding: chunked, identity",
  "transfer-encoding: identity\r\ncontent-length: 5",
  "transfer-encoding:\u000bchunked",
  "transfer-encoding: chunked\r\ntransfer-encoding: cow",
  "x: y\r\n z: folded\r\ncontent-length: 5\r\ntransfer-encoding\r\n : chunked",
  "x-shopify-topic: orders/create\ninjected: yes\r\ncontent-length: 5\r\ncontent-length: 7",
  "x-nul: a\u0000b",
  "x-carriage: a\rX-Injected: 1",
  "nocolon",
  ": noname",
  "sp ace: x",
];

function smuggle({ host }: Aim, path: string, head: string, mark: string): Attack {
  const hidden = `GET /${mark} HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
  return {
    send: { bytes: `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n${head}\r\n\r\n0\r\n\r\n${hidden}` },
    // What is read to its end by nobody may be refused for another reason; then the connection ends there.
    right: answered(400, 405, 411, 415),
    mark,
  };
}

export const brokenHttp: Kind = {
  name: "broken_http",
  says: "bytes that are no request",
  cases: ({ host }) =>
    BYTES.map(
      (bytes): Case =>
        () => ({ send: { bytes: bytes.replaceAll("HOST", host), hangUp: true }, right: refusedOrCut }),
    ),
};

const BYTES = [
  "\r\n\r\n",
  "GET\r\n\r\n",
  "GET / HTTP/9.9\r\nhost: HOST\r\n\r\n",
  "GET / HTTP/1.1\r\n\r\n",
  "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
  "GET http://evil.example.com/app HTTP/1.1\r\nhost: HOST\r\n\r\n",
  "CONNECT evil.example.com:443 HTTP/1.1\r\nhost: HOST\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nhost: HOST\r\n\r\n",
  "GET /app HTTP/1.1\r\nhost: HOST\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
  "GET /app HTTP/1.1\r\nhost: evil.example.com\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
  "POST /collect HTTP/1.1\r\nhost: HOST\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff1\r\nx\r\n",
  "POST /collect HTTP/1.1\r\nhost: HOST\r\ntransfer-encoding: chunked\r\n\r\n-1\r\nx\r\n",
  "POST /webhooks HTTP/1.1\r\nhost: HOST\r\nexpect: 200-maybe\r\ncontent-length: 5\r\n\r\n",
  "GET /\u0000 HTTP/1.1\r\nhost: HOST\r\n\r\n",
];

/** Nothing of it is taken for a good request to a page. */
function refusedOrCut({ status, statuses, location }: Answer): boolean {
  // What follows of a request that was refused may be refused once more.
  if (statuses.every((one) => one >= 400 && one < 500)) return true;
  if (status === null || statuses.length !== 1) return false;
  return (status >= 400 && status < 500) || (status === 302 && (location ?? "").startsWith("/auth/")) || status === 200;
}
