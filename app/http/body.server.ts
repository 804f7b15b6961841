import type { IncomingMessage } from "node:http";

/** The raw bytes of a request, or the fact that they are more than allowed or never came whole. */
export type Body = { ok: true; bytes: Buffer } | { ok: false; why: "too_large" | "aborted" };

/** Reads at most `limit` bytes; a larger body is refused by its declared length where there is one. */
export function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve({ ok: false, why: "too_large" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.pause();
        resolve({ ok: false, why: "too_large" });
      } else chunks.push(chunk);
    });
    request.on("end", () => {
      const [only] = chunks;
      resolve({ ok: true, bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) });
    });
    request.on("error", () => resolve({ ok: false, why: "aborted" }));
    request.on("close", () => resolve({ ok: false, why: "aborted" }));
  });
}
