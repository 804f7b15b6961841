import type { ServerResponse } from "node:http";

/** Ends a request with a status and, if need be, a few words. */
export function reply(response: ServerResponse, status: number, text = "", headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    // A 204 has no content to speak of: https://www.rfc-editor.org/rfc/rfc9110#section-8.6
    ...(status !== 204 && {
      "content-type": "text/plain; charset=utf-8",
      "content-length": String(Buffer.byteLength(text)),
    }),
    "cache-control": "no-store",
    ...headers,
  });
  response.end(text);
}

/** Ends a request that we will not read on: the connection closes, so that an unread body is not taken for the next request. */
export function refuse(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  reply(response, status, text, response.req.complete ? headers : { ...headers, connection: "close" });
}
