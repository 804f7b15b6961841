import { Session } from "@shopify/shopify-api";
import { expect, it } from "vitest";
import { z } from "zod";
import { sealedSessionStorage } from "~/settings/sealed-sessions.server";
import { sealKey } from "~/store/seal.server";
import { openStore } from "~/store/store.server";
import { order } from "../fixtures/order";
import { startMeta } from "../simulators/meta/server";
import { mintSessionToken } from "../simulators/shopify/session-token";
import { type ShopifyStandIn, startShopify } from "../simulators/shopify/webhooks";
import { SHOP } from "../support/pipeline";
import {
  API_KEY,
  API_SECRET,
  connectShop,
  freshHouse,
  type House,
  launcher,
  read,
  startNode,
  startServer,
  tokenOf,
  until,
} from "./processes";
import { closing } from "./stand-ins";

const HOUR_MS = 3_600_000;
const APP = { key: API_KEY, secret: API_SECRET };
const PRELOAD = "./test/simulators/shopify/preload.mjs";

/** A shop that opened the app once; its dataset was connected half a day ago. */
async function openedShop() {
  const meta = closing(await startMeta());
  const shopify = closing(await startShopify({ app: "http://127.0.0.1:9", shop: SHOP, ...APP }));
  const house = freshHouse({ META_GRAPH_URL: meta.origin, SHOPIFY_STAND_IN: shopify.origin });
  await connectShop(house);
  const connectedAt = BigInt(Date.now() - 12 * HOUR_MS);
  await read(house, (db) => db.dataset.updateMany({ data: { connectedAt } }));
  await storeSession(house, shopify);
  const sell = (n: number, hoursAgo: number) => {
    const at = new Date(Date.now() - hoursAgo * HOUR_MS).toISOString();
    shopify.books.enter("orders/create", order({ id: n, checkoutToken: tokenOf(n), at, country: "AU" }), SHOP);
  };
  return { meta, house, sell };
}

async function storeSession({ path, env }: House, shopify: ShopifyStandIn): Promise<void> {
  const answer = await fetch(`${shopify.origin}/admin/oauth/access_token`, {
    method: "POST",
    headers: { "x-stand-in-shop": SHOP },
    body: JSON.stringify({
      client_id: APP.key,
      client_secret: APP.secret,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: mintSessionToken(APP, SHOP),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
      expiring: "1",
    }),
  });
  const session = new Session({ id: `offline_${SHOP}`, shop: SHOP, state: "", isOnline: false });
  session.accessToken = z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
  session.expires = new Date(Date.now() + HOUR_MS);
  const store = openStore(path);
  const keyring = [sealKey(Buffer.from(env.ENCRYPTION_KEY ?? "", "base64"))] as const;
  await read({ path, env }, (db) =>
    sealedSessionStorage({ db, store, keyring: [...keyring], now: Date.now }).storeSession(session),
  );
  await store.close();
}

it("a server that was away finds what was ordered meanwhile as it starts, and so does a command beside it", async () => {
  const { meta, house, sell } = await openedShop();
  sell(1, 6);
  // Its webhook may yet come, and says more: only a command takes it in.
  sell(2, 0.5);
  const server = await startServer(house, [PRELOAD]);
  await until(() => meta.received.length === 1, "Meta has the order that no webhook told of");
  expect(server.stdout()).toMatch(/"missing":1[^\n]*"sweep.done"/);
  expect(meta.received).toHaveLength(1);

  const command = startNode(["--import", PRELOAD, launcher("tandem"), "sweep", "--shop", SHOP, "--json"], house.env);
  expect((await command.exited).code).toBe(0);
  expect(JSON.parse(command.stdout())).toMatchObject({ orders: 2, missing: 1, became: { waiting: 1 }, fault: null });
  expect(command.stderr()).toBe("");
  await until(() => meta.received.length === 2, "Meta has the one that the command found");
  expect(meta.received.map(({ event_id }) => event_id)).toEqual([`purchase.${tokenOf(1)}`, `purchase.${tokenOf(2)}`]);
});
