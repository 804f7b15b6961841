import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { order } from "../fixtures/order";
import { startMeta } from "../simulators/meta/server";
import { DATASET, SHOP } from "../support/pipeline";
import {
  connectShop,
  freshHouse,
  type House,
  launcher,
  postWebhook,
  startNode,
  startServer,
  tokenOf,
  until,
} from "./processes";
import { closing } from "./stand-ins";

const WITHIN_MS = 1_000;
/** What a loaded machine may add. */
const MARGIN_MS = 300;

async function tandem(
  { env }: House,
  args: string[],
  stdin = "",
): Promise<{ code: number | null; out: string; err: string }> {
  const command = startNode([launcher("tandem"), ...args], env);
  command.stdin.end(stdin);
  const { code } = await command.exited;
  return { code, out: command.stdout(), err: command.stderr() };
}

const CONNECT = ["shop", "connect", "--shop", SHOP, "--dataset", DATASET, "--token-stdin", "--hold-seconds", "0"];

const placed = (n: number) => order({ id: n, checkoutToken: tokenOf(n), at: new Date().toISOString() });

describe("a command beside a running server", () => {
  it("connects a shop, and the server delivers for it within a second", async () => {
    const meta = closing(await startMeta({ tokens: { [DATASET]: "EAAtoken" } }));
    const house = freshHouse({ META_GRAPH_URL: meta.origin });
    const server = await startServer(house);
    expect(await postWebhook(server, "orders/create", placed(1))).toBe(200);

    const { code, err } = await tandem(house, CONNECT, "EAAtoken\n");
    expect({ code, err }).toEqual({ code: 0, err: `${SHOP} is connected to dataset ${DATASET}\n` });
    await sleep(WITHIN_MS + MARGIN_MS);
    expect(await postWebhook(server, "orders/create", placed(2))).toBe(200);
    await until(() => meta.received.length > 0, "Meta has it", 3_000);
    expect(meta.received.map(({ event_id }) => event_id)).toEqual([`purchase.${tokenOf(2)}`]);
  });

  it("brings a new token, and what the dead one held leaves by itself", async () => {
    const meta = closing(await startMeta({ tokens: { [DATASET]: "EAAnew" } }));
    const house = freshHouse({ META_GRAPH_URL: meta.origin });
    await connectShop(house);
    const server = await startServer(house);
    await postWebhook(server, "orders/create", placed(1));
    await until(() => server.stdout().includes('"dataset.held"'), "the dataset is on hold");
    expect(JSON.parse((await tandem(house, ["shop", "list", "--json"])).out)).toMatchObject([
      { shop: SHOP, datasets: [{ dataset: DATASET, state: "held" }] },
    ]);

    expect((await tandem(house, CONNECT, "EAAnew")).code).toBe(0);
    await until(() => meta.received.length > 0, "Meta has it", 2 * (WITHIN_MS + MARGIN_MS));
    expect(meta.received).toHaveLength(1);
  });

  it("disconnects a shop, and within a second nothing is taken for it any more", async () => {
    const meta = closing(await startMeta());
    const house = freshHouse({ META_GRAPH_URL: meta.origin });
    await connectShop(house);
    const server = await startServer(house);
    expect((await tandem(house, ["shop", "disconnect", "--shop", SHOP])).code).toBe(0);
    await sleep(WITHIN_MS + MARGIN_MS);
    expect(await postWebhook(server, "orders/create", placed(1))).toBe(200);
    await sleep(WITHIN_MS);
    expect(meta.deliveries()).toEqual([]);
  });
});

it("a command says so when no server is alive to act on it", async () => {
  const { code, err } = await tandem(freshHouse(), CONNECT, "EAAtoken");
  expect(code).toBe(0);
  expect(err).toContain("no server is running");
});
