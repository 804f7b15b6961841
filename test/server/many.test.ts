import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { startMeta } from "../simulators/meta/server";
import { inPostgres } from "../support/psql";
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

const LEASE_MS = 45_000;

const REFUSE_COMPLETION = `
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no job is ever done'; END $$;
  CREATE TRIGGER refuse BEFORE UPDATE ON pgboss.job FOR EACH ROW WHEN (NEW.state = 'completed') EXECUTE FUNCTION refuse();`;

function withRole(house: House, ROLE: string): Promise<Server> {
  return startServer({ ...house, env: { ...house.env, ROLE } });
}

/** Posts orders `from` to `to` (exclusive), side by side; each must be acknowledged. */
async function place(web: Server, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const statuses = await Promise.all(
    numbers.map((n) =>
      postWebhook(web, "orders/create", order({ id: n, checkoutToken: tokenOf(n), at: new Date().toISOString() })),
    ),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
}

describe("several processes on one PostgreSQL", () => {
  it("send each order once, also when one of them is killed at it", async () => {
    const meta = closing(await startMeta());
    const house = freshHouse({ META_GRAPH_URL: meta.origin });
    await connectShop(house);
    const web = await withRole(house, "web");
    const [one] = await Promise.all([withRole(house, "worker"), withRole(house, "worker")]);
    const accepted = () => read(house, (db) => db.event.count({ where: { outcome: "accepted" } }));

    await place(web, 1, 301);
    await until(async () => (await accepted()) === 300, "all orders are settled");
    meta.weather.script([{ kind: "latency", ms: 500, count: 20 }]);
    await place(web, 301, 601);
    one.kill("SIGKILL");
    await until(async () => (await accepted()) === 600, "the other has done its work", LEASE_MS + 15_000);

    const ids = meta.received.map(({ event_id }) => event_id);
    expect(new Set(ids).size).toBe(600);
    // A request of the killed one may have been taken without its answer being heard: at most what it had in flight.
    expect(ids.length - 600).toBeLessThanOrEqual(300);
  }, 120_000);

  it("know their parts: a web process delivers nothing, a worker takes nothing in", async () => {
    const meta = closing(await startMeta());
    const house = freshHouse({ META_GRAPH_URL: meta.origin });
    await connectShop(house);
    const web = await withRole(house, "web");
    await place(web, 1, 4);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(meta.received).toEqual([]);

    const worker = await withRole(house, "worker");
    // Nobody told it of them: it looks for itself, each second.
    await until(() => meta.received.length === 3, "the worker has found them", 5_000);
    expect(await postWebhook(worker, "orders/create", order({}))).toBe(404);
    expect((await fetch(`${worker.origin}/healthz`)).status).toBe(200);
    expect((await fetch(`${worker.origin}/readyz`)).status).toBe(200);
  }, 60_000);

  it("go on when pg-boss cannot say that a job is done, which it does without waiting for the answer", async () => {
    const meta = closing(await startMeta());
    const house = freshHouse({ META_GRAPH_URL: meta.origin });
    await connectShop(house);
    const web = await withRole(house, "web");
    const worker = await withRole(house, "worker");
    inPostgres(house.path, REFUSE_COMPLETION);

    await place(web, 1, 2);
    await until(() => worker.stdout().includes("no job is ever done"), "the worker has heard of it");
    await place(web, 2, 4);
    await until(() => meta.received.length === 3, "it still delivers");
    expect(worker.stdout()).not.toContain('"crashed"');
    expect((await fetch(`${worker.origin}/healthz`)).status).toBe(200);
  });

  it("are not ready while PostgreSQL takes no writes, as a standby does not, and are again once it does", async () => {
    const house = freshHouse();
    await connectShop(house);
    const url = new URL(house.path);
    const name = url.pathname.slice(1);
    url.pathname = "/postgres";
    const web = await withRole(house, "web");
    const ready = async () => (await fetch(`${web.origin}/readyz`)).status;
    expect(await ready()).toBe(200);

    inPostgres(url.href, `ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    hangUp(url.href, name);
    await until(async () => (await ready()) === 503, "it says that it is not ready");
    expect(await postWebhook(web, "orders/create", order({}))).toBe(503);

    inPostgres(url.href, `ALTER DATABASE "${name}" RESET default_transaction_read_only`);
    hangUp(url.href, name);
    await until(async () => (await ready()) === 200, "it is ready again");
  }, 60_000);
});

/** Ends the connections to a database: only a new one hears of its settings. */
function hangUp(server: string, database: string): void {
  inPostgres(server, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
}
