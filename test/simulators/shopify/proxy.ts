import { request as ask, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { brotliDecompressSync, unzipSync } from "node:zlib";
import { send, words } from "./http";
import { type HeaderPair, swapDocument, swapHeaders } from "./swaps";

/** For documentation, of nobody: https://www.rfc-editor.org/rfc/rfc5737 */
const SOMEWHERE = "203.0.113.80";
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
/** What is about one connection and not the message: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding"]);

/** Passes a request on to the app and its answer back. */
export async function forward(request: IncomingMessage, response: ServerResponse, app: string): Promise<void> {
  const upstream = open(request, app);
  response.once("close", () => upstream.destroy());
  request.pipe(upstream);
  try {
    await passBack(await answerOf(upstream), request, response);
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else send(response, words(unreachable(app, error), 502));
  }
}

/** Passes a WebSocket on: from the app's agreement on, bytes go both ways untouched. */
export function forwardUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, app: string): void {
  const upstream = open(request, app, { connection: "Upgrade" });
  const hangUp = () => {
    upstream.destroy();
    socket.destroy();
  };
  socket.on("error", hangUp);
  upstream.on("error", (error) => {
    if (socket.writable) socket.end(`HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n${unreachable(app, error)}`);
    socket.once("close", hangUp);
  });
  upstream.on("response", (answer) => {
    socket.write(`${headOf(answer)}connection: close\r\n\r\n`);
    answer.on("end", () => socket.end());
    answer.pipe(socket, { end: false });
  });
  upstream.on("upgrade", (answer: IncomingMessage, other: Socket, first: Buffer) => {
    socket.write(`${headOf(answer, true)}\r\n`);
    if (first.length > 0) socket.write(first);
    if (head.length > 0) other.write(head);
    other.on("error", () => socket.destroy());
    other.on("close", () => socket.destroy());
    socket.on("close", () => other.destroy());
    other.pipe(socket).pipe(other);
  });
  upstream.end();
}

function open(request: IncomingMessage, app: string, more: OutgoingHttpHeaders = {}) {
  const { hostname, port } = new URL(app);
  return ask({
    hostname,
    port,
    method: request.method,
    path: request.url,
    headers: { ...headersFor(request), ...more },
    // A connection for each: an app that was started anew has closed the old ones.
    agent: false,
  });
}

function headersFor(request: IncomingMessage): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of pairsOf(request)) {
    const key = name.toLowerCase();
    if (key === "x-stand-in-ip" || key === "x-forwarded-for" || HOP_BY_HOP.has(key)) continue;
    const before = headers[key];
    headers[key] = before === undefined ? value : [before, value].flat().map(String);
  }
  const before = request.headers["x-forwarded-for"];
  return { ...headers, "x-forwarded-for": [before ?? [], visitorOf(request)].flat().join(", ") };
}

/** Who asks: the browser on this machine counts as somebody on the internet, and a test may say who. */
function visitorOf({ headers, socket }: IncomingMessage): string {
  const told = headers["x-stand-in-ip"];
  if (typeof told === "string") return told;
  const address = socket.remoteAddress ?? SOMEWHERE;
  return LOOPBACK.test(address) ? SOMEWHERE : address;
}

function answerOf(upstream: ReturnType<typeof ask>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    upstream.once("response", resolve);
    upstream.on("error", reject);
  });
}

async function passBack(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const status = answer.statusCode ?? 502;
  const pairs = swapHeaders(pairsOf(answer)).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
  const document = answer.headers["content-type"]?.startsWith("text/html") === true;
  if (!document || request.method === "HEAD" || status === 304) {
    response.writeHead(status, answer.statusMessage, pairs.flat());
    // Headers leave at once: an answer that is a stream may be long in saying its first word.
    response.flushHeaders();
    return pipeline(answer, response);
  }
  const html = swapDocument(await textOf(answer));
  const rest = pairs.filter(([name]) => !["content-length", "content-encoding"].includes(name.toLowerCase()));
  response.writeHead(status, answer.statusMessage, [...rest.flat(), "content-length", String(Buffer.byteLength(html))]);
  response.end(html);
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  switch (answer.headers["content-encoding"]) {
    case undefined:
    case "identity":
      return bytes.toString("utf8");
    case "br":
      return brotliDecompressSync(bytes).toString("utf8");
    default:
      return unzipSync(bytes).toString("utf8");
  }
}

function pairsOf({ rawHeaders }: IncomingMessage): HeaderPair[] {
  return rawHeaders.flatMap((name, at): HeaderPair[] => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ""]] : []));
}

function headOf(answer: IncomingMessage, whole = false): string {
  const lines = pairsOf(answer).filter(([name]) => whole || !HOP_BY_HOP.has(name.toLowerCase()));
  return [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`, ...lines.map((pair) => pair.join(": ")), ""].join(
    "\r\n",
  );
}

function unreachable(app: string, error: unknown): string {
  return `The app at ${app} does not answer: ${error instanceof Error ? error.message : String(error)}\n`;
}
