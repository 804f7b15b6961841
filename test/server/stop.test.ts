import { Agent, get } from "node:http";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { type MetaStandIn, startMeta } from "../simulators/meta/server";
import {
  connectShop,
  freshHouse,
  type House,
  postWebhook,
  read,
  type Server,
  startServer,
  tokenOf,
  until,
} from "./processes";
import { closing } from "./stand-ins";

const STOP_WITHIN_MS = 15_000;
const TEST_MS = 40_000;

async function serving(): Promise<{ meta: MetaStandIn; house: House; server: Server }> {
  const meta = closing(await startMeta());
  const house = freshHouse({ META_GRAPH_URL: meta.origin });
  await connectShop(house);
  return { meta, house, server: await startServer(house) };
}

/** An order that is on its way to Meta, whose answer is late. */
async function inFlight({ meta, server }: { meta: MetaStandIn; server: Server }): Promise<void> {
  expect(
    await postWebhook(server, "orders/create", order({ checkoutToken: tokenOf(1), at: new Date().toISOString() })),
  ).toBe(200);
  await until(() => meta.deliveries().length > 0, "Meta was asked");
}

async function stopped(server: Server): Promise<{ code: number | null; ms: number }> {
  const started = performance.now();
  server.kill("SIGTERM");
  const { code } = await server.exited;
  return { code, ms: performance.now() - started };
}

const rows = (house: House) =>
  read(house, (db) => db.event.findMany({ select: { outcome: true, attempts: true, lease: true, reason: true } }));

describe("SIGTERM", () => {
  it("while Meta is thinking: takes no more, settles what is in flight and exits 0", async () => {
    const { meta, house, server } = await serving();
    meta.weather.script([{ kind: "latency", ms: 1_500, forMs: TEST_MS }]);
    await inFlight({ meta, server });
    const stopping = stopped(server);
    await until(() => server.stdout().includes('"stopping"'), "the server stops");
    await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();

    const { code, ms } = await stopping;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STOP_WITHIN_MS);
    expect(meta.received).toHaveLength(1);
    expect(await rows(house)).toEqual([{ outcome: "accepted", attempts: 1, lease: null, reason: null }]);
  });

  it("leaves the file to the next server at once", async () => {
    const { house, server } = await serving();
    expect((await stopped(server)).code).toBe(0);
    expect(await read(house, (db) => db.serverLease.count())).toBe(0);
    await startServer(house);
  });

  it("does not wait for connections that are kept alive and idle", async () => {
    const { server } = await serving();
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) =>
      get(`${server.origin}/healthz`, { agent }, (answer) => answer.resume().on("end", resolve)),
    );
    const { code, ms } = await stopped(server);
    agent.destroy();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(3_000);
  });

  it("answers and stores the webhook that is being sent when it comes", async () => {
    const { meta, house, server } = await serving();
    meta.weather.script([{ kind: "latency", ms: 1_000, forMs: TEST_MS }]);
    await inFlight({ meta, server });
    const second = postWebhook(
      server,
      "orders/create",
      order({ id: 2, checkoutToken: tokenOf(2), at: new Date().toISOString() }),
    );
    const [{ code }, answer] = await Promise.all([stopped(server), second.catch(() => "refused")]);
    expect(code).toBe(0);
    expect(await rows(house)).toHaveLength(answer === 200 ? 2 : 1);
  });

  it(
    "while Meta never answers: gives up on it in time, keeps the event and exits 0",
    async () => {
      const { meta, house, server } = await serving();
      meta.weather.script([{ kind: "timeout", ms: 30_000, forMs: TEST_MS }]);
      await inFlight({ meta, server });
      const { code, ms } = await stopped(server);
      expect(code).toBe(0);
      expect(ms).toBeLessThan(STOP_WITHIN_MS);
      expect(await rows(house)).toEqual([{ outcome: "waiting", attempts: 1, lease: null, reason: "timeout" }]);
    },
    TEST_MS,
  );

  it(
    "while somebody never finishes sending: hangs up on them, settles what is in flight and exits 0",
    async () => {
      const { meta, house, server } = await serving();
      meta.weather.script([{ kind: "latency", ms: 1_500, forMs: TEST_MS }]);
      const upload = connect(Number(new URL(server.origin).port), "127.0.0.1");
      upload.on("error", () => undefined);
      upload.write("POST /webhooks HTTP/1.1\r\nhost: app\r\ncontent-length: 1000\r\n\r\n{");
      await inFlight({ meta, server });
      const { code, ms } = await stopped(server);
      upload.destroy();
      expect(code).toBe(0);
      expect(ms).toBeLessThan(STOP_WITHIN_MS);
      expect(await rows(house)).toEqual([{ outcome: "accepted", attempts: 1, lease: null, reason: null }]);
    },
    TEST_MS,
  );
});
