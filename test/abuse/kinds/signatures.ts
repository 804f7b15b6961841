import { type Aim, answered, type Case, digits, hex, type Kind, markOf } from "../attack";
import { beaconOf, collect, orderOf, signatureOf, webhook } from "../messages";

const TOPICS = [
  ...["orders/create", "orders/paid", "orders/edited", "orders/cancelled", "checkouts/create", "customers/create"],
  ...["refunds/create", "products/update", "app/uninstalled", "app/scopes_update"],
  ...["shop/redact", "customers/redact", "customers/data_request"],
];

/** What stands where Shopify's signature should; null: the header is missing. */
const SIGNATURES: Record<string, (body: string) => string | null> = {
  none: () => null,
  empty: () => "",
  another_secret: (body) => signatureOf(body, "another-secret"),
  empty_secret: (body) => signatureOf(body, ""),
  another_body: (body) => signatureOf(`${body} `),
  half: (body) => signatureOf(body).slice(0, 22),
  in_hex: (body) => Buffer.from(signatureOf(body), "base64").toString("hex"),
  twice: (body) => `${signatureOf(body)},${signatureOf(body)}`,
  lower_case: (body) => signatureOf(body).toLowerCase(),
  zeros: () => Buffer.alloc(32).toString("base64"),
  long: () => "A".repeat(8_000),
};

export const badSignatures: Kind = {
  name: "bad_hmac",
  says: "webhooks of every topic that Shopify did not sign",
  cases: ({ victim }) =>
    TOPICS.flatMap((topic) =>
      Object.values(SIGNATURES).map((signature): Case => {
        return (random) => {
          const body = JSON.stringify(orderOf({ id: digits(random), token: hex(random, 32) }));
          const asked = webhook(victim, body, { topic });
          const { "x-shopify-hmac-sha256": _good, ...headers } = asked.headers;
          const given = signature(body);
          return {
            send: { ...asked, headers: { ...headers, ...(given === null ? {} : { "x-shopify-hmac-sha256": given }) } },
            right: answered(401),
          };
        };
      }),
    ),
};

/** Pairs of a shop and a key that is not its own; what they tell is for nobody. */
const strangers = ({ victim, attacker }: Aim): { shop: unknown; key: unknown }[] => [
  { shop: victim.domain, key: attacker.beaconKey },
  { shop: attacker.domain, key: victim.beaconKey },
  { shop: victim.domain, key: "" },
  { shop: victim.domain, key: victim.beaconKey.slice(0, -1) },
  { shop: victim.domain, key: victim.beaconKey.toLowerCase() },
  { shop: victim.domain, key: `${victim.beaconKey} ` },
  { shop: `${victim.domain}.`, key: victim.beaconKey },
  { shop: `${victim.domain}/x`, key: victim.beaconKey },
  { shop: "nobody.myshopify.com", key: victim.beaconKey },
  { shop: "__proto__", key: victim.beaconKey },
  { shop: "constructor", key: "undefined" },
];

export const anothersKey: Kind = {
  name: "another_shops_key",
  says: "beacons for one shop with the key of another, or with none",
  cases: (aim) =>
    strangers(aim).flatMap((pair) =>
      ["product_viewed", "checkout_started", "checkout_completed", "page_viewed"].map((name): Case => {
        return (random) => {
          const mark = markOf(random);
          const token = { checkout_token: hex(random, 32) };
          return {
            send: collect(JSON.stringify(beaconOf(aim.victim, mark, { name, ...token, ...pair }))),
            right: answered(204),
            mark,
          };
        };
      }),
    ),
};
