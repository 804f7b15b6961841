import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable, type EntryContext } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { freshNonce, guardDocument } from "./http/security-headers.server";
import { Nonce } from "./nonce";
import { running } from "./running.server";
import { shopify } from "./shopify.server";

export { main as cli } from "./cli/main.server";
export { stopRunning as stop } from "./running.server";
// Remix hands this module to whoever loads the build as `build.entry.module`: front, pipeline, command line and Remix are
// one bundle with one copy of everything.
export { open, start } from "./start.server";

const STREAM_TIMEOUT_MS = 5_000;

/** What a page failed of. That there is no such page is no fault; and Remix by itself would print the address, which may name a person. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  running().log.error(
    { err: isRouteErrorResponse(error) ? new Error(`answered ${error.status}`) : error },
    "page.failed",
  );
}

export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  shopify().addDocumentResponseHeaders(request, headers);
  const nonce = freshNonce();
  guardDocument(headers, request.url, nonce);
  // A crawler gets the whole page, a person gets its head start.
  const ready = isbot(request.headers.get("user-agent") ?? "") ? "onAllReady" : "onShellReady";
  return new Promise((resolve, reject) => {
    let failed = false;
    const { pipe, abort } = renderToPipeableStream(
      <Nonce.Provider value={nonce}>
        <RemixServer context={context} url={request.url} nonce={nonce} />
      </Nonce.Provider>,
      {
        nonce,
        [ready]: () => {
          const body = new PassThrough();
          headers.set("Content-Type", "text/html; charset=utf-8");
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: failed ? 500 : status }));
          pipe(body);
        },
        onShellError: reject,
        onError: (error) => {
          failed = true;
          running().log.error({ err: error }, "render.failed");
        },
      },
    );
    setTimeout(abort, STREAM_TIMEOUT_MS + 1_000);
  });
}
