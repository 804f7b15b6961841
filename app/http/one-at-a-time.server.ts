import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Whether a request came before the one ahead of it on its connection was answered. No browser and no proxy does so
 * (https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2 leaves it to them); a flood does, for then Node reads a megabyte of
 * requests of one connection before it looks at the next, and orders wait behind them all.
 */
export type Hasty = (request: IncomingMessage, response: ServerResponse) => boolean;

export function hastyRequests(): Hasty {
  const before = new WeakMap<Socket, ServerResponse>();
  return (request, response) => {
    const ahead = before.get(request.socket);
    before.set(request.socket, response);
    // Nobody can have heard an answer that has not been given.
    return ahead !== undefined && !ahead.writableEnded;
  };
}
