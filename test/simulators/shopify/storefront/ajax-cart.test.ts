import { expect, it } from "vitest";
import { serve } from "./support/serve";

interface Answer {
  token: string;
  attributes: Record<string, string>;
  item_count: number;
}

/** POST /cart/update.js as a theme's script sends it; `cookie`: of the answer before. */
async function update(origin: string, attributes: Record<string, string | null>, cookie = "") {
  const response = await fetch(`${origin}/cart/update.js`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify({ attributes }),
  });
  const cookies = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  return { status: response.status, answer: (await response.json()) as Answer, cookie: cookies.join("; ") };
}

it("an empty cart keeps its attributes, and '' or null takes one away", async () => {
  const { origin } = await serve();
  const first = await update(origin, { _fbp: "fb.1.1", note: "ring twice", wrap: "yes" });
  expect(first).toMatchObject({ status: 200, answer: { item_count: 0, attributes: { _fbp: "fb.1.1", wrap: "yes" } } });
  const second = await update(origin, { note: "", wrap: null }, first.cookie);
  expect(second.answer).toMatchObject({ token: first.answer.token, attributes: { _fbp: "fb.1.1" } });
  expect(Object.keys(second.answer.attributes)).toEqual(["_fbp"]);
});

it("attributes go the way of the goods: into the pixel's cart and checkout, and with every webhook", async () => {
  const { origin, shopper, webhooks } = await serve();
  const value = "fb.1.1763632800000.IwAR_%2B x";
  // Whoever has an empty cart of their own comes with its token.
  const { answer } = await update(origin, { _fbc: value });
  const buyer = shopper({
    fetch: (url, init) => {
      const headers = new Headers(init?.headers);
      const cookie = headers.get("cookie") ?? "";
      if (!/(^|; )cart=/.test(cookie)) headers.set("cookie", `${cookie}; cart=${answer.token}`);
      return fetch(url, { ...init, headers });
    },
  });
  await buyer.addToCart("tidewater-mug", "Ink");
  await buyer.visit("/cart");
  await buyer.enterCheckout();
  await buyer.submitContact();
  await buyer.submitAddress();
  await buyer.pay();
  const pixels = (name: string) => buyer.events.find((event) => event.name === name)?.data;
  const told = [{ key: "_fbc", value }];
  expect(pixels("cart_viewed")).toMatchObject({ cart: { attributes: told } });
  expect(pixels("checkout_completed")).toMatchObject({ checkout: { attributes: told } });
  expect(webhooks.map(({ topic }) => topic)).toContain("orders/paid");
  for (const { body } of webhooks) expect(body).toMatchObject({ note_attributes: [{ name: "_fbc", value }] });
});

it("what is no update is refused", async () => {
  const { origin } = await serve();
  const statuses = await Promise.all(
    ["{", '{"attributes":{"a":1}}'].map(async (body) => {
      const response = await fetch(`${origin}/cart/update.js`, { method: "POST", body });
      return response.status;
    }),
  );
  expect([...statuses, (await fetch(`${origin}/cart/update.js`)).status]).toEqual([400, 422, 400]);
});
