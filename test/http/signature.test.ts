import "@shopify/shopify-api/adapters/node";
import { createHmac } from "node:crypto";
import { createServer, type OutgoingHttpHeaders } from "node:http";
import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { describe, expect, it } from "vitest";
import { isSignedByShopify } from "~/http/hmac.server";
import { order } from "../fixtures/order";
import { listening, OLD_SECRET, openFront, SECRET, send, sign, webhookHeaders } from "./open-front";

const ORDER = JSON.stringify(order());
const FOREIGN = JSON.stringify(order({ country: "DE" }, { note: "Größe 🦜 日本 é" }));
const digest = (form: "hex" | "base64url", body = ORDER) => createHmac("sha256", SECRET).update(body).digest(form);

interface Row {
  name: string;
  body: string | Buffer;
  /** Absent: the right signature. Null: no header at all. */
  hmac?: string | string[] | null;
  accepted: boolean;
  /** What the library says to it, where it refuses. */
  library?: "missing_body" | "missing_hmac" | "invalid_hmac";
}

const TABLE: Row[] = [
  { name: "a good body", body: ORDER, accepted: true },
  { name: "a good body outside ASCII", body: FOREIGN, accepted: true },
  { name: "a good body with line breaks", body: `${JSON.stringify(order(), null, 2)}\n`, accepted: true },
  { name: "a good body with blanks around the signature", body: ORDER, hmac: `  ${sign(ORDER)} `, accepted: true },
  { name: "a body with one figure changed", body: ORDER.replace("64.50", "64.51"), hmac: sign(ORDER), accepted: false },
  { name: "a truncated body", body: ORDER.slice(0, -1), hmac: sign(ORDER), accepted: false },
  { name: "a body with a line break added", body: `${ORDER}\n`, hmac: sign(ORDER), accepted: false },
  {
    name: "a body outside ASCII, recoded as Latin-1",
    body: Buffer.from(FOREIGN, "latin1"),
    hmac: sign(FOREIGN),
    accepted: false,
  },
  {
    name: "a body outside ASCII, composed otherwise",
    body: FOREIGN.normalize("NFD"),
    hmac: sign(FOREIGN),
    accepted: false,
  },
  { name: "another app's secret", body: ORDER, hmac: sign(ORDER, "another-secret"), accepted: false },
  { name: "the signature of another body", body: ORDER, hmac: sign(FOREIGN), accepted: false },
  { name: "an empty body, rightly signed", body: "", hmac: sign(""), accepted: false, library: "missing_body" },
  { name: "no signature", body: ORDER, hmac: null, accepted: false, library: "missing_hmac" },
  { name: "an empty signature", body: ORDER, hmac: "", accepted: false, library: "missing_hmac" },
  { name: "the signature in hex", body: ORDER, hmac: digest("hex"), accepted: false },
  { name: "the signature in base64url", body: FOREIGN, hmac: urlSafe(sign(FOREIGN)), accepted: false },
  { name: "the signature without its padding", body: ORDER, hmac: sign(ORDER).replace("=", ""), accepted: false },
  { name: "the signature in lower case", body: ORDER, hmac: sign(ORDER).toLowerCase(), accepted: false },
  { name: "the signature with its algorithm named", body: ORDER, hmac: `sha256=${sign(ORDER)}`, accepted: false },
  { name: "a signature outside ASCII", body: ORDER, hmac: `${sign(ORDER).slice(0, -1)}é`, accepted: false },
  { name: "half a signature", body: ORDER, hmac: sign(ORDER).slice(0, 22), accepted: false },
  {
    name: "a SHA-1 signature",
    body: ORDER,
    hmac: createHmac("sha1", SECRET).update(ORDER).digest("base64"),
    accepted: false,
  },
  { name: "two signatures, the first one right", body: ORDER, hmac: [sign(ORDER), "AAAA"], accepted: false },
  { name: "two signatures, the second one right", body: ORDER, hmac: ["AAAA", sign(ORDER)], accepted: false },
];

/** base64 that differs from base64url whatever the digest was. */
function urlSafe(base64: string): string {
  return `${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

describe("a webhook's signature is judged as Shopify's own library judges it", () => {
  it.each(TABLE)("$name: accepted = $accepted", async ({ body, hmac, accepted, library = "invalid_hmac" }) => {
    const headers: OutgoingHttpHeaders = webhookHeaders("orders/create", body);
    if (hmac === null) delete headers["x-shopify-hmac-sha256"];
    else if (hmac !== undefined) headers["x-shopify-hmac-sha256"] = hmac;
    const message = { method: "POST", path: "/webhooks", headers, body };

    const front = await openFront({ secrets: [SECRET] });
    const ours = await front.send(message);
    const theirs = JSON.parse((await send(await libraryDoor(), message)).text);

    expect(theirs).toMatchObject(accepted ? { valid: true } : { valid: false, reason: library });
    expect(ours.status === 200).toBe(theirs.valid);
    expect(await front.pipeline.events()).toHaveLength(accepted ? 1 : 0);
  });

  it("every signature that does not fit is a 401, and an empty body is no JSON", async () => {
    const front = await openFront();
    for (const { body, hmac, accepted } of TABLE) {
      if (accepted) continue;
      const headers: OutgoingHttpHeaders = webhookHeaders("orders/create", body);
      if (hmac === null) delete headers["x-shopify-hmac-sha256"];
      else if (hmac !== undefined) headers["x-shopify-hmac-sha256"] = hmac;
      const { status } = await front.send({ method: "POST", path: "/webhooks", headers, body });
      expect(status).toBe(body === "" ? 400 : 401);
    }
    expect(await front.counted("webhooks")).toContain(`unverified bad_hmac → ${TABLE.filter(isForged).length}`);
  });
});

function isForged({ accepted, body }: Row): boolean {
  return !accepted && body !== "";
}

describe("during a changeover of the secret", () => {
  it("what the old secret signed is good too, in either order", () => {
    const bytes = Buffer.from(ORDER);
    expect(isSignedByShopify(bytes, sign(ORDER, OLD_SECRET), [SECRET, OLD_SECRET])).toBe(true);
    expect(isSignedByShopify(bytes, sign(ORDER, SECRET), [SECRET, OLD_SECRET])).toBe(true);
    expect(isSignedByShopify(bytes, sign(ORDER, OLD_SECRET), [OLD_SECRET, SECRET])).toBe(true);
  });

  it("after it the old secret opens nothing any more", () => {
    expect(isSignedByShopify(Buffer.from(ORDER), sign(ORDER, OLD_SECRET), [SECRET])).toBe(false);
  });

  it("the front takes a webhook signed with the old secret", async () => {
    const front = await openFront();
    const { status } = await front.webhook("orders/create", ORDER, {
      "x-shopify-hmac-sha256": sign(ORDER, OLD_SECRET),
    });
    expect(status).toBe(200);
    expect(await front.pipeline.events()).toHaveLength(1);
  });
});

/** A server that answers with the library's verdict on whatever it is sent. */
function libraryDoor(): Promise<string> {
  const shopify = shopifyApi({
    apiKey: "key",
    apiSecretKey: SECRET,
    apiVersion: ApiVersion.July26,
    hostName: "app.example.com",
    isEmbeddedApp: true,
    logger: { level: LogSeverity.Error },
  });
  return listening(
    createServer(async (rawRequest, rawResponse) => {
      const chunks: Buffer[] = [];
      for await (const chunk of rawRequest) chunks.push(chunk);
      const rawBody = Buffer.concat(chunks).toString("utf8");
      rawResponse.end(JSON.stringify(await shopify.webhooks.validate({ rawBody, rawRequest, rawResponse })));
    }),
  );
}
