import { describe, expect, it } from "vitest";
import { graphUrlOf } from "../faults/losses";
import { order } from "../fixtures/order";
import { startMeta } from "../simulators/meta/server";
import { connectShop, freshHouse, postWebhook, type Server, startServer, tokenOf, until } from "./processes";
import { closing } from "./stand-ins";

const SENDERS = 16;
const ENOUGH = 150;
/** What a killed process had claimed falls due again after its lease of 45 s. */
const AFTER_THE_LEASE_MS = 46_000;

describe("kill -9 under load", () => {
  it("loses nothing that was answered 200, and sends twice only what was in flight", async () => {
    const meta = closing(await startMeta());
    meta.weather.script([{ kind: "latency", ms: 60, forMs: 60_000 }]);
    const house = freshHouse({ META_GRAPH_URL: graphUrlOf("killed", meta.origin) });
    await connectShop(house);
    const server = await startServer(house);

    const acknowledged = await loadUntilKilled(server, () => meta.received.length > 0);
    meta.weather.script([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(ENOUGH);

    const later = {
      ...house,
      env: {
        ...house.env,
        META_GRAPH_URL: graphUrlOf("restarted", meta.origin),
        TEST_CLOCK_START: new Date(Date.now() + AFTER_THE_LEASE_MS).toISOString(),
      },
    };
    const restarted = await startServer(later, ["./test/clock.mjs"]);
    const sent = () => new Set(meta.received.map(({ event_id }) => event_id));
    await until(() => acknowledged.every((id) => sent().has(id)), "all that was acknowledged is at Meta", 15_000);
    restarted.kill("SIGTERM");
    expect((await restarted.exited).code).toBe(0);

    // Told apart by their address: what the killed server sent may reach the stand-in after its end.
    const ofTheKilled = meta.deliveries().filter(({ path }) => path.startsWith(graphUrlOf("killed", "")));
    const inFlight = ofTheKilled.at(-1)?.body ?? "";
    const twice = meta.received
      .map(({ event_id }) => event_id ?? "")
      .filter((id, index, ids) => ids.indexOf(id) !== index);
    expect(twice.filter((id) => !inFlight.includes(`"${id}"`))).toEqual([]);
    expect(new Set(twice).size).toBe(twice.length);
  }, 60_000);

  it("a server started right after it waits for the dead one's lease instead of giving up", async () => {
    const house = freshHouse();
    const server = await startServer(house);
    server.kill("SIGKILL");
    await server.exited;
    const restarted = await startServer(house);
    expect((await fetch(`${restarted.origin}/readyz`)).status).toBe(200);
  });
});

/** Many senders post orders until the server is killed in the middle; answers the event ids that were acknowledged. */
async function loadUntilKilled(server: Server, underWay: () => boolean): Promise<string[]> {
  const acknowledged: string[] = [];
  let next = 0;
  let killed = false;
  async function sender(): Promise<void> {
    while (!killed) {
      next += 1;
      const token = tokenOf(next);
      const body = order({ id: 7_000_000 + next, checkoutToken: token, at: new Date().toISOString() });
      const status = await postWebhook(server, "orders/create", body).catch(() => 0);
      if (status === 200) acknowledged.push(`purchase.${token}`);
      if (acknowledged.length >= ENOUGH && underWay() && !killed) {
        killed = true;
        server.kill("SIGKILL");
      }
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await server.exited;
  return acknowledged;
}
