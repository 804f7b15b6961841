import { expect, it } from "vitest";
import { order } from "../fixtures/order";
import { startMeta } from "../simulators/meta/server";
import { DATASET } from "../support/pipeline";
import { connectShop, freshHouse, postWebhook, read, startServer, tokenOf, until } from "./processes";
import { closing } from "./stand-ins";

it("the production build carries a signed order to Meta", async () => {
  const meta = closing(await startMeta());
  const house = freshHouse({ META_GRAPH_URL: meta.origin });
  await connectShop(house);
  const server = await startServer(house);

  const at = new Date().toISOString();
  expect(await postWebhook(server, "orders/create", order({ checkoutToken: tokenOf(1), at }))).toBe(200);
  await until(() => meta.received.length > 0, "Meta has it", 3_000);

  expect(meta.received).toMatchObject([{ leg: "server", dataset: DATASET, event_id: `purchase.${tokenOf(1)}` }]);
  const row = await until(
    () =>
      read(house, (db) => db.event.findFirst({ where: { outcome: "accepted" } })).then((found) => found ?? undefined),
    "the row is settled",
  );
  expect(row.attempts).toBe(1);
});
