import { answered, type Case, type Kind, markOf } from "../attack";
import { visit } from "../messages";
import { waysOf } from "../routes";
import { formsOf } from "./forms";
import { TEXTS } from "./texts";

/** What somebody tries who has a good session token, of another shop. */

export const idor: Kind = {
  name: "idor",
  says: "everything that is the victim's, asked for or changed from another shop's admin",
  cases: ({ attacker, victim, routes, ids }) => {
    const all = Object.values(ids);
    const varying = routes.filter(({ names }) => names.length > 0);
    const fixed = routes.filter(({ names }) => names.length === 0);
    return [
      ...varying.flatMap((route) =>
        waysOf(route).flatMap((way) =>
          all.flatMap((id) =>
            (way === "action" ? formsOf(route, victim.dataset) : [{}]).map((fields): Case => {
              return () => ({
                send: visit(attacker, route, way, { id, fields }),
                // A form may be read before it is found to be about nothing.
                right: way === "action" ? answered(404, 200, 429) : answered(404),
              });
            }),
          ),
        ),
      ),
      ...fixed
        .filter(({ acts }) => acts)
        .flatMap((route) =>
          formsOf(route, victim.dataset).flatMap((form) =>
            Object.keys(form)
              // What one types into a list of one's own is shown to oneself again.
              .filter((name) => !["intent", "renewalApps"].includes(name) && form.intent !== "connect")
              .flatMap((name) =>
                [...all, JSON.stringify([victim.dataset]), asDraft(victim.dataset)].map((id): Case => {
                  return () => ({
                    send: visit(attacker, route, "action", { fields: { ...form, [name]: id } }),
                    right: answered(200, 204, 400, 404, 429),
                  });
                }),
              ),
          ),
        ),
      ...fixed
        .filter(({ loads }) => loads)
        .flatMap((route) =>
          (["data", "page"] as const).flatMap((way) =>
            QUERIES.map((query): Case => {
              const filled = query.replace("ID", ids.order).replace("DATASET", ids.dataset).replace("EVENT", ids.event);
              return () => ({
                send: visit(attacker, route, way, { query: `${filled}&shop=${victim.domain}` }),
                right: answered(200, 302, 400, 404),
              });
            }),
          ),
        ),
    ];
  },
};

const asDraft = (dataset: string) => JSON.stringify({ datasets: { [dataset]: {} } });

/** What pages may be asked to look for. */
const QUERIES = ["dataset=DATASET", "search=ID", "search=EVENT", "search=%25", "before=999999999", "outcome=accepted"];

const NAMES = [
  "search",
  "dataset",
  "event",
  "outcome",
  "before",
  "shop",
  "host",
  "locale",
  "id_token",
  "shopify-reload",
];

export const hostileQueries: Kind = {
  name: "hostile_queries",
  says: "SQL and HTML in addresses, asked for with a good token",
  cases: ({ attacker, routes }) =>
    routes
      .filter(({ loads }) => loads)
      .flatMap((route) =>
        NAMES.flatMap((name, n) =>
          [TEXTS[n % 3], TEXTS[3 + (n % 5)]].flatMap((textOf, way) =>
            textOf === undefined
              ? []
              : ([
                  (random): ReturnType<Case> => {
                    const mark = markOf(random);
                    const query = `${name}=${encodeURIComponent(textOf(mark))}`;
                    return {
                      send: visit(attacker, route, way === 0 ? "page" : "data", { query, id: mark }),
                      right: answered(200, 302, 400, 401, 404, 410),
                      mark,
                    };
                  },
                ] satisfies Case[]),
          ),
        ),
      ),
};

export const hostileForms: Kind = {
  name: "hostile_forms",
  says: "SQL and HTML in every field of every form",
  cases: ({ attacker, routes }) =>
    routes
      .filter(({ acts }) => acts)
      .flatMap((route) =>
        formsOf(route, attacker.dataset).flatMap((form) =>
          Object.entries(form).flatMap(([name, honest]) =>
            TEXTS.map((textOf): Case => {
              return (random) => {
                const mark = markOf(random);
                const text = textOf(mark);
                // In JSON it stands as a text, so that it gets as far as it can.
                const value = /^[{[]/.test(honest)
                  ? JSON.stringify({ ...JSON.parse(honest), name: text, [text]: text })
                  : text;
                return {
                  send: visit(attacker, route, "action", { id: attacker.dataset, fields: { ...form, [name]: value } }),
                  right: answered(200, 204, 302, 400, 404, 413, 422, 429),
                  mark,
                };
              };
            }),
          ),
        ),
      ),
};
