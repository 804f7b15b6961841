import { gzipSync } from "node:zlib";
import type { Random } from "../../faults/random";
import { type Aim, type Attack, answered, answeredOrCut, type Case, digits, hex, type Kind, markOf } from "../attack";
import { beaconOf, collect, orderOf, signatureOf, visit, webhook } from "../messages";
import type { Answer } from "../wire";
import { formsOf } from "./forms";

/** Bodies that are not what they should be: half, too large, too deep, of the wrong kind. */

const MB = 1024 * 1024;

export const truncated: Kind = {
  name: "truncated",
  says: "bodies that end too early, signed as they are or shorter than they were said to be",
  cases: ({ attacker, victim, host }) => [
    ...many(20, (random) => {
      const body = JSON.stringify(orderOf({ id: digits(random), token: hex(random, 32) }));
      return { send: webhook(attacker, body.slice(0, random.between(1, body.length - 1))), right: answered(400) };
    }),
    ...many(20, (random) => {
      const body = JSON.stringify(beaconOf(victim, hex(random, 24)));
      return { send: collect(body.slice(0, random.between(0, body.length - 1))), right: answered(204) };
    }),
    ...["/webhooks", "/collect", "/app/settings"].flatMap((path) =>
      many(5, (random) => ({
        send: {
          bytes: `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 4000\r\n\r\n{"id":${digits(random)}`,
          hangUp: true,
        },
        right: refusedInTheEnd,
      })),
    ),
  ],
};

/** What is missing may be heard of before or after the answer to what is there. */
function refusedInTheEnd({ statuses }: Answer): boolean {
  return statuses.every((status) => status >= 400 && status < 500);
}

export const oversize: Kind = {
  name: "oversize",
  says: "bodies and headers larger than anybody honest sends, with their length declared or not",
  cases: ({ attacker, victim, routes, host }) => [
    ...many(6, () => {
      const body = `{"note":"${"A".repeat(2 * MB)}"}`;
      return { send: webhook(attacker, body), right: answeredOrCut(413) };
    }),
    ...many(10, (random) => {
      const url = "A".repeat(64 * 1024 + random.between(1, 64 * 1024));
      return { send: collect(JSON.stringify(beaconOf(victim, hex(random, 24), { url }))), right: answeredOrCut(413) };
    }),
    ...["/webhooks", "/collect"].flatMap((path) =>
      many(4, () => ({
        send: { bytes: chunked(path, host, Buffer.alloc(3 * MB, 0x41)) },
        right: answeredOrCut(413),
      })),
    ),
    ...["/webhooks", "/collect"].flatMap((path) =>
      many(4, () => ({
        send: { bytes: `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 99999999999\r\n\r\n{` },
        right: answered(413),
      })),
    ),
    ...routes
      .filter(({ acts }) => acts)
      .map((route): Case => {
        return () => {
          const fields = { ...formsOf(route, attacker.dataset)[0], intent: "x".repeat(3 * MB) };
          return { send: visit(attacker, route, "action", { fields }), right: answeredOrCut(413) };
        };
      }),
    ...many(4, (random) => ({
      send: { ...collect("{}"), headers: { "x-large": hex(random, 64).repeat(400) } },
      right: answeredOrCut(431),
    })),
    ...many(4, (random) => ({
      send: { method: "GET", path: `/app?x=${hex(random, 64).repeat(400)}`, headers: {} },
      right: answeredOrCut(414, 431),
    })),
  ],
};

function chunked(path: string, host: string, body: Buffer): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`;
  return Buffer.concat([Buffer.from(head), body, Buffer.from("\r\n0\r\n\r\n")]);
}

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const nestedObjects = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

/** The deepest that fits where a body may be so long. */
const DEPTHS = { webhook: 100_000, beacon: 10_000, form: 20_000 };

export const deepJson: Kind = {
  name: "deep_json",
  says: "JSON nested so deep that whoever walks it falls",
  cases: ({ attacker, routes }) => [
    ...["note_attributes", "line_items", "customer", "total_price_set", "id", "billing_address"].flatMap((field) =>
      [nested, nestedObjects].map((nest): Case => {
        return (random) => {
          const names = { id: digits(random), token: hex(random, 32) };
          const text = JSON.stringify(orderOf(names, { [field]: "DEEP" }));
          const id = `deep-${names.token}`;
          return {
            send: webhook(attacker, text.replace('"DEEP"', nest(DEPTHS.webhook)), { id }),
            right: answered(200, 400),
            tells: [names.id, names.token, id],
          };
        };
      }),
    ),
    ...[nested, nestedObjects].flatMap((nest) => [
      // What is no order is kept under the message's own name, for a person to see.
      (random: Random) => {
        const id = `deep-${hex(random, 32)}`;
        return { send: webhook(attacker, nest(DEPTHS.webhook), { id }), right: answered(200, 400), tells: [id] };
      },
      () => ({ send: collect(nest(DEPTHS.beacon / 2)), right: answered(204) }),
    ]),
    ...["data", "consent", "user_data", "url", "shop", "key"].map((field): Case => {
      return (random) => {
        // What only helps is left out of a beacon that makes sense without.
        const id = hex(random, 24);
        const text = JSON.stringify(beaconOf(attacker, id, { [field]: "DEEP" }));
        return {
          send: collect(text.replace('"DEEP"', nested(DEPTHS.beacon))),
          right: answered(204),
          tells: [id],
        };
      };
    }),
    ...everyField(attacker, routes, (value) => [
      nested(DEPTHS.form),
      ...(value.startsWith("{") ? Object.values(deepInside(value)) : []),
    ]),
  ],
};

/** A JSON object with each of its fields as deep as can be; an empty one gets those that settings have. */
function deepInside(text: string): string[] {
  const names = Object.keys(JSON.parse(text));
  const fields = names.length > 0 ? names : ["datasets", "rules", "matrix", "toggles"];
  return fields.map((name) => {
    const whole = JSON.stringify({ ...JSON.parse(text), [name]: "DEEP" });
    return whole.replace('"DEEP"', nested(DEPTHS.form));
  });
}

const POLLUTIONS = [
  '{"__proto__":{"polluted":"yes","status":500}}',
  '{"constructor":{"prototype":{"polluted":"yes"}}}',
  '{"__proto__":[],"prototype":{"polluted":"yes"},"toString":"x","hasOwnProperty":1,"then":"x"}',
  '[{"__proto__":{"polluted":"yes"}}]',
];

export const pollution: Kind = {
  name: "prototype_pollution",
  says: "keys that would change what all objects inherit",
  cases: ({ attacker, victim, routes }) => [
    ...POLLUTIONS.flatMap((text) => [
      ...["", "customer", "note_attributes", "line_items", "client_details"].map((field): Case => {
        return (random) => {
          const names = { id: digits(random), token: hex(random, 32) };
          const id = `pollution-${names.token}`;
          return { send: webhook(attacker, within(orderOf(names), field, text), { id }), ...told(names, id) };
        };
      }),
      ...["", "user_data", "data", "consent", "shop", "name"].map((field): Case => {
        return (random) => {
          const mark = markOf(random);
          const whole = within(beaconOf(attacker, mark), field, text);
          return { send: collect(whole), right: answered(204), mark, tells: [mark] };
        };
      }),
    ]),
    ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"].flatMap((name) => [
      (): Attack => ({
        send: collect(JSON.stringify({ ...beaconOf(victim, "x"), name, shop: name, key: name })),
        right: answered(204),
      }),
      ...routes
        .filter(({ acts }) => acts)
        .flatMap((route) =>
          formsOf(route, attacker.dataset).map((fields): Case => {
            return () => ({
              send: visit(attacker, route, "action", {
                fields: { ...fields, [name]: "polluted", [`${name}[x]`]: "y" },
              }),
              right: answered(200, 204, 302, 400, 404, 422, 429),
            });
          }),
        ),
    ]),
    ...everyField(attacker, routes, () => [POLLUTIONS[0] ?? "", POLLUTIONS[1] ?? ""]),
  ],
};

/** A JSON object with a text laid into it: at a field, or at its top. */
function within(whole: Record<string, unknown>, field: string, text: string): string {
  if (field !== "") return JSON.stringify({ ...whole, [field]: "HERE" }).replace('"HERE"', text);
  return text.startsWith("{") ? `${text.slice(0, -1)},${JSON.stringify(whole).slice(1)}` : text;
}

function told({ id, token }: { id: string; token: string }, webhookId: string): Omit<Attack, "send"> {
  return { right: answered(200, 400), tells: [id, token, webhookId] };
}

/** Every field of every form with other values in it. */
function everyField(
  attacker: Aim["attacker"],
  routes: Aim["routes"],
  values: (honest: string) => readonly string[],
): Case[] {
  return routes
    .filter(({ acts }) => acts)
    .flatMap((route) =>
      formsOf(route, attacker.dataset).flatMap((fields) =>
        Object.entries(fields)
          .filter(([name]) => name !== "intent")
          .flatMap(([name, honest]) =>
            values(honest).map((value): Case => {
              return () => ({
                send: visit(attacker, route, "action", { id: attacker.dataset, fields: { ...fields, [name]: value } }),
                right: answered(200, 204, 302, 400, 404, 413, 422, 429),
              });
            }),
          ),
      ),
    );
}

/** 64 MB of zeros in 64 kB, made once. */
const BOMB = gzipSync(Buffer.alloc(64 * MB), { level: 9 });

export const gzipBomb: Kind = {
  name: "gzip_bomb",
  says: "small bodies that are large once they are unpacked, and say so",
  cases: ({ attacker, routes }) => {
    const packed = ["gzip", "deflate", "br", "gzip, gzip", "identity, gzip"];
    return packed.flatMap((coding) => [
      ...many(3, () => ({
        send: webhook(attacker, BOMB, { over: { "content-encoding": coding } }),
        right: answered(400, 413, 415),
      })),
      () => ({
        send: webhook(attacker, BOMB, {
          over: { "content-encoding": coding, "x-shopify-hmac-sha256": signatureOf("") },
        }),
        right: answered(401),
      }),
      ...many(3, () => ({
        send: collect(BOMB.subarray(0, 60_000), { "content-encoding": coding }),
        right: answered(204),
      })),
      ...routes
        .filter(({ acts }) => acts)
        .map((route): Case => {
          return () => ({
            send: {
              ...visit(attacker, route, "action", { over: { "content-encoding": coding } }),
              body: BOMB,
            },
            right: answeredOrCut(200, 400, 404, 413, 415),
          });
        }),
    ]);
  },
};

/** What a form is not; whoever reads it as one must not fall over. */
const NO_FORMS: readonly [string, string][] = [
  ["application/json", '{"intent":"delete"}'],
  ["multipart/form-data", "--x\r\n"],
  ["multipart/form-data; boundary=x", "--x\r\ncontent-disposition: form-data; name=intent\r\n\r\ndel"],
  [
    "multipart/form-data; boundary=x",
    `--x\r\ncontent-disposition: form-data; name="a"; filename="../../etc/x"\r\n\r\n${"A".repeat(10_000)}`,
  ],
  ["text/plain", "intent=delete"],
  ["application/xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
  ["", ""],
  ["application/x-www-form-urlencoded", "%ff%fe=%zz&&&=&intent"],
];

export const wrongForms: Kind = {
  name: "wrong_forms",
  says: "what is no form, sent to whatever takes forms",
  cases: ({ attacker, routes }) =>
    routes.flatMap((route) =>
      NO_FORMS.map(([type, body]): Case => {
        return () => {
          const asked = visit(attacker, route, "action", { id: attacker.dataset });
          const { "content-type": _form, ...headers } = asked.headers;
          return {
            send: { ...asked, headers: { ...headers, ...(type === "" ? {} : { "content-type": type }) }, body },
            right: answered(200, 400, 404, 405, 415),
          };
        };
      }),
    ),
};

/** A beacon with one thing wrong; it is counted, and answered like the rest. */
const MALFORMED: readonly ((beacon: Record<string, unknown>) => unknown)[] = [
  () => null,
  () => [],
  () => "beacon",
  () => 1e308,
  (beacon) => [beacon],
  ...["v", "shop", "key", "name", "id", "timestamp", "consent", "tr"].flatMap((field) => [
    (beacon: Record<string, unknown>) => ({ ...beacon, [field]: undefined }),
    (beacon: Record<string, unknown>) => ({ ...beacon, [field]: {} }),
    (beacon: Record<string, unknown>) => ({ ...beacon, [field]: [null] }),
  ]),
  (beacon) => ({ ...beacon, v: 2 }),
  (beacon) => ({ ...beacon, id: "a b" }),
  (beacon) => ({ ...beacon, id: "x".repeat(65) }),
  (beacon) => ({ ...beacon, timestamp: "yesterday" }),
  (beacon) => ({ ...beacon, timestamp: "+275760-09-13T00:00:00.001Z" }),
  (beacon) => ({ ...beacon, tr: "delivered" }),
  (beacon) => ({ ...beacon, checkout_token: { $ne: null } }),
  (beacon) => ({ ...beacon, client_id: "'; DROP TABLE" }),
  (beacon) => ({ ...beacon, user_data: { em: ["jo@example.com"] } }),
  (beacon) => ({ ...beacon, user_data: { password: [] } }),
  (beacon) => ({ ...beacon, user_data: { em: Array.from({ length: 6 }, () => "0".repeat(64)) } }),
  (beacon) => ({ ...beacon, data: { lines: Array.from({ length: 251 }, () => ({})) } }),
  (beacon) => ({ ...beacon, data: { total: "NaN" } }),
  (beacon) => ({ ...beacon, data: { total: -1 } }),
  (beacon) => ({ ...beacon, name: "checkout_completed", checkout_token: "../../x" }),
];

const NO_JSON = [
  "",
  " ",
  "{",
  "undefined",
  "NaN",
  "\u0000",
  "\ufeff{}",
  "{'v':1}",
  "v=1&shop=x",
  "<beacon/>",
  "\xff\xfe",
];

export const malformedBeacons: Kind = {
  name: "malformed_beacons",
  says: "beacons with the victim's own key in which one thing is wrong",
  cases: ({ victim }) => [
    ...MALFORMED.map((spoil): Case => {
      return (random) => ({
        send: collect(JSON.stringify(spoil(beaconOf(victim, hex(random, 24)))) ?? ""),
        right: answered(204),
      });
    }),
    ...NO_JSON.map(
      (text): Case =>
        () => ({ send: collect(text), right: answered(204) }),
    ),
    ...["GET", "PUT", "DELETE", "PATCH", "PROPFIND"].map((method): Case => {
      return (random) => ({
        send: { ...collect(JSON.stringify(beaconOf(victim, hex(random, 24)))), method },
        right: answered(405),
      });
    }),
    // Said by nobody: a browser may tell of a Purchase, never make one.
    ...["Purchase", "purchase", "Refund", "orders/create"].map((name): Case => {
      return (random) => ({
        send: collect(JSON.stringify(beaconOf(victim, hex(random, 24), { name, client_id: null }))),
        right: answered(204),
      });
    }),
  ],
};

function many(times: number, one: Case): Case[] {
  return Array.from({ length: times }, () => one);
}
