import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { expect, it } from "vitest";
import { z } from "zod";
import { appFileOf, readAppFile } from "~/cli/doctor/app-file.server";

const schema = z.object({
  access_scopes: z.object({ scopes: z.string() }),
  webhooks: z.object({
    api_version: z.string(),
    subscriptions: z.array(
      z.object({ topics: z.array(z.string()).default([]), compliance_topics: z.array(z.string()).default([]) }),
    ),
  }),
});

it("reads of shopify.app.toml what a whole parser reads", async () => {
  const { access_scopes, webhooks } = schema.parse(parse(readFileSync("shopify.app.toml", "utf8")));
  expect(await readAppFile(process.cwd())).toEqual({
    scopes: access_scopes.scopes.split(","),
    topics: webhooks.subscriptions.flatMap(({ topics, compliance_topics }) => [...topics, ...compliance_topics]),
    apiVersion: webhooks.api_version,
  });
});

it("reads lists over several lines and passes over comments", () => {
  const toml = `
    # scopes = "read_themes"
    scopes = "read_orders, write_pixels"
    api_version = "2026-07"
    topics = [
      "orders/create",
      # "orders/delete",
      "orders/paid",
    ]
    compliance_topics = ["shop/redact"]`;
  expect(appFileOf(toml)).toEqual({
    scopes: ["read_orders", "write_pixels"],
    topics: ["orders/create", "orders/paid", "shop/redact"],
    apiVersion: "2026-07",
  });
});
