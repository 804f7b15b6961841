import type { IncomingMessage, ServerResponse } from "node:http";

/** One request under way; `match` is what its route's pattern captured. */
export interface Exchange {
  request: IncomingMessage;
  url: URL;
  match: RegExpExecArray;
}

/** What to answer. */
export interface Reply {
  status: number;
  headers?: Readonly<Record<string, string>> | undefined;
  body: string | Buffer;
}

const JSON_TYPE = { "content-type": "application/json; charset=UTF-8" };
const READ_LIMIT = 8 * 1024 * 1024;

/** Answers a value as JSON. */
export function json(value: unknown, status = 200): Reply {
  return { status, headers: JSON_TYPE, body: JSON.stringify(value) };
}

/** Reads a request's body; null when it is longer than 8 MB, of which no more is kept. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > READ_LIMIT) chunks.length = 0;
    else chunks.push(chunk);
  }
  return length > READ_LIMIT ? null : Buffer.concat(chunks);
}

/** Sends a reply, unless the client has hung up. */
export function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
  response.end(reply.body);
}
