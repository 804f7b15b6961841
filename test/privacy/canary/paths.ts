import { PIXEL_NAMES } from "~/events/names";
import { TOPICS } from "~/sources/topics";
import { BROWSER, beaconOf, bodyOf, EMAIL, IDENTITY, IP, LAST_NAME, PHONE, STREET, USER_AGENT } from "./person";
import { type Asked, type Residence, signed } from "./residence";

/** Every way in, taken by one shopper. */

type Knock = (path: string, init?: Asked) => Promise<number>;

const BROWSER_HEADERS = { "user-agent": USER_AGENT, "x-forwarded-for": IP, "content-type": "text/plain" };
const OTHER_BEACONS = ["checkout_contact_info_submitted", "checkout_address_info_submitted", "cart_viewed"];
/** What ends a shop, or takes away what is to be searched: sent about another one. */
const ENDING = new Set(["app/uninstalled", "customers/redact", "shop/redact"]);

const knockOn =
  (residence: Residence, origin: string): Knock =>
  (path, init) =>
    residence.ask(origin, path, init);

/** Answers the statuses of every topic, by topic. */
export async function everyTopic(
  residence: Residence,
  origin: string,
  { shop, other, from }: { shop: string; other: string; from: number },
): Promise<Map<string, number>> {
  const knock = knockOn(residence, origin);
  const statuses = new Map<string, number>();
  for (const [index, topic] of Object.keys(TOPICS).entries()) {
    const about = ENDING.has(topic) ? other : shop;
    // Several of one order: what is told anew is another way.
    const body = JSON.stringify(bodyOf(from + (index % 3)));
    statuses.set(topic, await knock("/webhooks", signed(body, topic, about)));
  }
  return statuses;
}

export async function everyBeacon(residence: Residence, origin: string, shop: string, key: string): Promise<number[]> {
  const knock = knockOn(residence, origin);
  const statuses: number[] = [];
  for (const [n, name] of [...Object.values(PIXEL_NAMES), ...OTHER_BEACONS].entries()) {
    const body = JSON.stringify({ shop, key, ...beaconOf(name, n) });
    statuses.push(await knock("/collect", { method: "POST", headers: BROWSER_HEADERS, body }));
  }
  return statuses;
}

/** What is refused, or has no meaning. */
export async function everythingBad(residence: Residence, origin: string, shop: string, key: string): Promise<void> {
  const knock = knockOn(residence, origin);
  const order = bodyOf(900);
  const beacon = { shop, key, ...beaconOf("product_viewed", 900) };
  const all = [...IDENTITY, ...BROWSER].join(" ");
  const inTheWay: object[] = [
    "id",
    "currency",
    "created_at",
    "processed_at",
    "total_price_set",
    "line_items",
    "customer",
  ].flatMap((field) => [EMAIL, STREET, all].map((value) => ({ ...order, [field]: value })));
  const strangeNames = [
    { ...order, [EMAIL]: PHONE, [STREET]: { [all]: all } },
    { ...order, currency: { [EMAIL]: 1 }, total_price_set: { [STREET]: { amount: EMAIL } } },
    { ...order, line_items: [{ [EMAIL]: STREET, quantity: EMAIL, price: STREET }] },
    { ...order, total_price_set: { shop_money: { amount: EMAIL, currency_code: STREET }, presentment_money: PHONE } },
  ];
  for (const body of [...inTheWay, ...strangeNames]) {
    await knock("/webhooks", signed(JSON.stringify(body), "orders/create", shop));
    await knock("/webhooks", signed(JSON.stringify(body), "customers/data_request", shop));
  }
  const text = JSON.stringify(order);
  const hostile = [
    text.slice(0, text.length / 2),
    text.slice(0, text.indexOf(EMAIL) + EMAIL.length),
    `${"[".repeat(20_000)}${JSON.stringify(all)}${"]".repeat(20_000)}`,
    `{"email":${JSON.stringify(EMAIL)},${text.slice(1, -1)},"id":${JSON.stringify(EMAIL)},"__proto__":{"email":"${EMAIL}"}}`,
    text.replaceAll(EMAIL, `${EMAIL}\\u0000\\ud800`).replace('"USD"', `"${LAST_NAME}\\u0000"`),
    `${text}${all}\u0000`,
    all,
    "",
  ];
  for (const body of hostile) {
    await knock("/webhooks", signed(body, "orders/create", shop));
    await knock("/collect", {
      method: "POST",
      headers: BROWSER_HEADERS,
      body: body.replace("{", `{"shop":"${shop}",`),
    });
  }
  const headers: Record<string, string>[] = [
    { "x-shopify-hmac-sha256": Buffer.from(EMAIL).toString("base64") },
    { "x-shopify-hmac-sha256": all.replaceAll("é", "e") },
    { "x-shopify-topic": `orders/${EMAIL}` },
    { "x-shopify-topic": STREET },
    { "x-shopify-topic": "orders/unheard" },
    { "x-shopify-shop-domain": EMAIL },
    { "x-shopify-shop-domain": `${LAST_NAME}.myshopify.com` },
    { "x-shopify-webhook-id": EMAIL },
    { "x-shopify-webhook-id": STREET },
    { "x-shopify-webhook-id": IP },
    { "x-shopify-triggered-at": `${EMAIL} ${PHONE}` },
    { "x-shopify-api-version": EMAIL, "content-type": `application/json; name="${EMAIL}"` },
  ];
  for (const over of headers) {
    await knock("/webhooks", signed(text, "orders/create", shop, over));
    await knock("/webhooks", signed(JSON.stringify({ ...order, currency: EMAIL }), "orders/paid", shop, over));
  }
  for (const over of [
    { key: EMAIL },
    { key: "" },
    { shop: EMAIL },
    { shop: `${LAST_NAME}.myshopify.com` },
    { name: EMAIL },
    { name: STREET },
    { id: EMAIL },
    { client_id: EMAIL },
    { checkout_token: EMAIL },
    { timestamp: EMAIL },
    { consent: EMAIL },
    { fbp: EMAIL, fbc: STREET },
    { tr: EMAIL },
    { user_data: { em: [EMAIL], [EMAIL]: [STREET] } },
    { data: { currency: EMAIL, lines: [{ title: "Tee", quantity: EMAIL }] } },
  ]) {
    await knock("/collect", { method: "POST", headers: BROWSER_HEADERS, body: JSON.stringify({ ...beacon, ...over }) });
  }
  await addresses(knock, all);
}

/** What stands in the address itself. */
async function addresses(knock: Knock, all: string): Promise<void> {
  const word = encodeURIComponent(all);
  const email = encodeURIComponent(EMAIL);
  const headers = {
    ...BROWSER_HEADERS,
    cookie: `_fbp=${BROWSER[4]}; mail=${email}`,
    referer: `https://x.example.com/?${email}`,
  };
  for (const path of [
    `/webhooks?email=${email}`,
    `/webhooks/${word}`,
    `/collect?email=${email}&${word}`,
    `/collect/${word}`,
    `/${email}/${word}`,
    `/${EMAIL}`,
    `/%ff${EMAIL}`,
    `/assets/${email}.js`,
    `/metrics?token=${email}`,
    `/healthz?${email}`,
    `/app?email=${email}`,
    `/app/deliveries/${email}?q=${word}`,
    `/app/deliveries?_data=${email}`,
    `/?q=${word}&_data=${email}`,
    `/auth/login?shop=${email}`,
    `/auth/callback?code=${email}&shop=${email}&host=${word}`,
    `/auth/${email}?shop=${email}`,
    `/auth/session-token?shop=${email}&host=${email}`,
    `/auth/exit-iframe?exitIframe=${email}&shop=${email}`,
  ]) {
    for (const method of ["GET", "POST", "DELETE"]) {
      await knock(path, { method, headers, ...(method === "GET" ? {} : { body: all }) });
    }
  }
}

/** What is larger than anything honest. */
export async function everythingOversize(
  residence: Residence,
  origin: string,
  shop: string,
  key: string,
): Promise<void> {
  const knock = knockOn(residence, origin);
  const padding = `${EMAIL} ${STREET} `;
  const padded = (bytes: number) => padding.repeat(Math.ceil(bytes / padding.length));
  await knock("/webhooks", signed(JSON.stringify({ ...bodyOf(901), note: padded(3_000_000) }), "orders/create", shop));
  await knock("/webhooks", signed(JSON.stringify({ ...bodyOf(902), email: padded(1_000_000) }), "orders/create", shop));
  const beacon = { shop, key, ...beaconOf("product_viewed", 901) };
  for (const url of [padded(65_000), padded(5_000), padded(600)]) {
    await knock("/collect", {
      method: "POST",
      headers: BROWSER_HEADERS,
      body: JSON.stringify({ ...beacon, url, referrer: url }),
    });
  }
  const text = JSON.stringify(bodyOf(903));
  for (const name of ["x-shopify-topic", "x-shopify-shop-domain", "x-shopify-webhook-id", "x-shopify-triggered-at"]) {
    await knock("/webhooks", signed(text, "orders/create", shop, { [name]: padded(300).trim() }));
  }
  await knock("/collect", {
    method: "POST",
    headers: { "user-agent": padded(8_000).trim() },
    body: JSON.stringify(beacon),
  });
  for (const path of ["/collect", "/webhooks", "/nowhere", "/app"]) {
    await knock(`${path}?${encodeURIComponent(padded(13_000))}`);
    await knock(`${path}?${encodeURIComponent(padded(3_000))}`);
  }
}
