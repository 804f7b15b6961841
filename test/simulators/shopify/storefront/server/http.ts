import type { IncomingMessage, ServerResponse } from "node:http";

export interface Reply {
  status: number;
  type: "text/html; charset=utf-8" | "application/json" | "text/css" | "text/javascript" | "image/svg+xml";
  body: string;
  cookies?: string[];
  /** Where to go instead. */
  location?: string;
}

export function send(response: ServerResponse, { status, type, body, cookies = [], location }: Reply): void {
  response.writeHead(status, {
    "content-type": type,
    // The pixel's settings and the shopper's cart are as of now, always.
    "cache-control": "no-store",
    ...(cookies.length === 0 ? {} : { "set-cookie": cookies }),
    ...(location === undefined ? {} : { location }),
  });
  response.end(body);
}

export function json(status: number, body: unknown, cookies: string[] = []): Reply {
  return { status, type: "application/json", body: JSON.stringify(body), cookies };
}

const LARGEST_BODY = 64 * 1024;

/** Undefined when it is no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}
