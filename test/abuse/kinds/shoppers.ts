import { answered, type Case, digits, hex, type Kind, markOf } from "../attack";
import { beaconOf, collect, orderOf, webhook } from "../messages";
import { TEXTS, textPaths, withTextAt } from "./texts";

/** What shoppers type: Shopify signs it all the same, and browsers say it for them. It is stored, as the text it is. */
export const hostileShoppers: Kind = {
  name: "hostile_texts",
  says: "SQL and HTML in every text of signed orders and of beacons",
  cases: ({ attacker }) => [
    ...textPaths(orderOf({ id: "1", token: "1" })).flatMap((path, n) =>
      some(n, TEXTS).map((textOf): Case => {
        return (random) => {
          const mark = markOf(random);
          const names = { id: digits(random), token: hex(random, 32) };
          const id = `text-${names.token}`;
          const body = JSON.stringify(withTextAt(orderOf(names), path, textOf(mark)));
          return {
            send: webhook(attacker, body, { id }),
            right: answered(200),
            mark,
            tells: [...Object.values(names), id, mark],
          };
        };
      }),
    ),
    ...textPaths(beaconOf(attacker, "1")).flatMap((path, n) =>
      some(n, TEXTS).map((textOf): Case => {
        return (random) => {
          const mark = markOf(random);
          const body = JSON.stringify(withTextAt(beaconOf(attacker, mark), path, textOf(mark)));
          return { send: collect(body), right: answered(204), mark, tells: [mark] };
        };
      }),
    ),
    ...HEADERS.flatMap((name) =>
      TEXTS.slice(0, 6).map((textOf): Case => {
        return (random) => {
          const mark = markOf(random);
          const names = { id: digits(random), token: hex(random, 32) };
          const asked = webhook(attacker, JSON.stringify(orderOf(names)), {
            id: `head-${names.token}`,
            over: { [name]: textOf(mark) },
          });
          return { send: asked, right: answered(200, 400), mark, tells: [...Object.values(names), mark] };
        };
      }),
    ),
  ],
};

/** What a signature does not cover. */
const HEADERS = [
  "x-shopify-topic",
  "x-shopify-shop-domain",
  "x-shopify-webhook-id",
  "x-shopify-triggered-at",
  "user-agent",
];

/** Half of them, so that two places beside each other see all. */
function some<T>(n: number, from: readonly T[]): T[] {
  return from.filter((_, at) => at % 2 === n % 2);
}
