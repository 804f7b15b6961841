import { createHmac, randomUUID } from "node:crypto";
import { serverEnv } from "../env.server";
import { BadInput, type Command, flagsOf, readAll, required, shopFlag } from "./command.server";

/** Plays Shopify: signs a body with the app's secret and posts it to a running server. */
export const simulate: Command = {
  usage: "simulate --topic T --shop S [--url http://127.0.0.1:3000] [--webhook-id ID] < body.json",
  does: "sends a webhook, signed as Shopify would, to a running server",
  async run(args, { terminal, env }) {
    const flags = flagsOf(args, { topic: "string", shop: "string", url: "string", "webhook-id": "string" });
    const topic = required(flags.topic, "--topic");
    const shop = shopFlag(flags.shop);
    const { SHOPIFY_API_SECRET, LISTEN_HOST, PORT } = serverEnv(env);
    const url = flags.url ?? `http://${LISTEN_HOST}:${PORT}`;
    if (!URL.canParse(url)) throw new BadInput("--url", "must be the server's address, such as http://127.0.0.1:3000");
    const body = await readAll(terminal.stdin);
    const webhookId = flags["webhook-id"] ?? randomUUID();
    const status = await post(new URL("/webhooks", url), body, {
      "content-type": "application/json",
      "x-shopify-topic": topic,
      "x-shopify-shop-domain": shop,
      "x-shopify-webhook-id": webhookId,
      "x-shopify-api-version": "2026-07",
      "x-shopify-hmac-sha256": createHmac("sha256", SHOPIFY_API_SECRET).update(body).digest("base64"),
    });
    if (status === null) {
      terminal.err(`${url} does not answer: start the server first (npm start)`);
      return 1;
    }
    terminal.out(`${JSON.stringify({ status, webhook_id: webhookId })}\n`);
    return status === 200 ? 0 : 1;
  },
};

async function post(url: URL, body: string, headers: Record<string, string>): Promise<number | null> {
  try {
    return (await fetch(url, { method: "POST", body, headers })).status;
  } catch {
    return null;
  }
}
