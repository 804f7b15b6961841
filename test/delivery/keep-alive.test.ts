import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { postEvents } from "~/delivery/graph.server";
import { destinationAt, openPool } from "./support";

/** A server that takes everything and counts the connections it was asked over. */
async function openCounter(): Promise<{ origin: string; connections: () => number; requests: () => number }> {
  let connections = 0;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume().on("end", () => response.end('{"events_received":1}'));
  });
  server.keepAliveTimeout = 60_000;
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, connections: () => connections, requests: () => requests };
}

describe("connections to Meta", () => {
  it("are kept alive: fifty requests in turn need no more than a few", async () => {
    const { origin, connections, requests } = await openCounter();
    const fetch = openPool();
    for (let n = 0; n < 50; n += 1) await postEvents(destinationAt(origin), "{}", fetch);
    expect(requests()).toBe(50);
    // Not always one: the pool opens another when the first is still reading the end of an answer.
    expect(connections()).toBeLessThanOrEqual(4);
  });

  it("are at most thirty-two, however many datasets there are", async () => {
    const { origin, connections, requests } = await openCounter();
    const fetch = openPool();
    const all = Array.from({ length: 100 }, (_, n) =>
      postEvents(destinationAt(origin, { dataset: String(n) }), "{}", fetch),
    );
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(Array(100).fill("accepted"));
    expect(requests()).toBe(100);
    expect(connections()).toBeLessThanOrEqual(32);
  });
});
