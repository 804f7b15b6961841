import type { IncomingMessage, ServerResponse } from "node:http";
import type { Gate, Pass, Sender } from "./gate";
import { refuse, reply } from "./reply.server";

/** The raw bytes of a request, or why there are none. */
type Body = { ok: true; bytes: Buffer } | { ok: false; why: "too_large" | "overloaded" | "aborted" };

interface Terms {
  sender: Sender;
  mostBytes: number;
  /** Headers of every refusal. */
  headers?: Record<string, string>;
  gate: Gate;
  /** The network that answers for it until it is vouched for; absent: none does. */
  network?: string | null;
  /** How long the sender may take for the body, milliseconds; absent: as long as for any request. */
  patienceMs?: number;
  /** Told when there is no room. */
  overloaded: () => void;
}

/** Seconds; as long as a write waits for the store. */
const COME_AGAIN = { "retry-after": "5" };

/**
 * Reads a body and lets it be answered. Its bytes are held at the gate until that is done, whether or not the sender is still
 * there: until it is stored it is in the process. A sender that dawdles is hung up on by the server's own timeout.
 */
export async function withBody(
  request: IncomingMessage,
  response: ServerResponse,
  { sender, mostBytes, headers = {}, gate, network = null, patienceMs, overloaded }: Terms,
  answer: (bytes: Buffer, pass: Pass) => Promise<void>,
): Promise<void> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > mostBytes) return refuse(response, 413, "body", headers);
  const pass = gate.enter(sender, declared, network);
  if (pass === null) {
    overloaded();
    // The connection stays: Node throws the body away as it comes, and the sender hears an answer instead of a reset.
    return reply(response, 503, "overloaded", { ...headers, ...COME_AGAIN });
  }
  try {
    const body = await readBody(request, mostBytes, pass, patienceMs);
    if (body.ok) return await answer(body.bytes, pass);
    if (body.why === "aborted") return void response.destroy();
    if (body.why === "too_large") return refuse(response, 413, "body", headers);
    overloaded();
    refuse(response, 503, "overloaded", { ...headers, ...COME_AGAIN });
  } finally {
    pass.leave();
  }
}

/** Reads as far as there is room, and no more than `mostBytes`. */
function readBody(
  request: IncomingMessage,
  mostBytes: number,
  pass: Pass,
  patienceMs: number | undefined,
): Promise<Body> {
  return new Promise((settle) => {
    const deadline =
      patienceMs === undefined ? undefined : setTimeout(() => resolve({ ok: false, why: "aborted" }), patienceMs);
    function resolve(body: Body): void {
      clearTimeout(deadline);
      settle(body);
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      const why = size > mostBytes ? "too_large" : pass.holds(size) ? null : "overloaded";
      if (why === null) return void chunks.push(chunk);
      request.pause();
      resolve({ ok: false, why });
    });
    request.on("end", () => {
      const [only] = chunks;
      resolve({ ok: true, bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) });
    });
    request.on("error", () => resolve({ ok: false, why: "aborted" }));
    request.on("close", () => resolve({ ok: false, why: "aborted" }));
  });
}
