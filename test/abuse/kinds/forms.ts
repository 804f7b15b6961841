import type { Route } from "../routes";

/** Every form of the admin as its page sends it; `dataset` and `rule` are the sender's own. */
export function formsOf(route: Route, dataset: string): Record<string, string>[] {
  return FORMS[route.id]?.(dataset) ?? [Object.assign({}, ...Object.values(FORMS).flatMap((forms) => forms(dataset)))];
}

const RULE = JSON.stringify({
  name: "Large order",
  base: "Purchase",
  when: { all: [{ field: "country", is: "any_of", words: ["US"] }] },
});

/** A route that is not among them gets all their fields at once. */
const FORMS: Record<string, (dataset: string) => Record<string, string>[]> = {
  "routes/app.settings": (dataset) => [
    { intent: "connect", dataset: "not-a-number", token: "EAAnobodys" },
    { intent: "configure", dataset, testCode: "TEST123", holdSeconds: "0" },
    { intent: "disconnect", dataset: "1" },
    { intent: "test", dataset: "1" },
  ],
  "routes/app.datasets.$dataset": () => [
    {
      trigger: "created",
      basis: "total",
      money: "presentment",
      contentId: "variant",
      hosts: "shop.example.com",
      paths: "/products/*",
      countries: "US",
      markets: "[]",
      restricted: "false",
      toggles: "none",
    },
  ],
  "routes/app.rules.$key": (dataset) => [
    { intent: "save", rule: RULE },
    { intent: "try", rule: RULE, dataset },
  ],
  "routes/app.rules._index": () => [
    { intent: "switch", key: "nobodys", on: "true" },
    { intent: "delete", key: "nobodys" },
  ],
  "routes/app.events": () => [{ toggles: '{"PageView":{"browser":true}}' }],
  "routes/app.consent": () => [{ choices: "{}" }],
  "routes/app.sources": () => [{ sources: "{}", traits: "{}", renewalApps: "app", registrations: "account" }],
  "routes/app.alerts": () => [
    {
      mail: "staff@example.org",
      webhook: "https://hooks.example.com/",
      daily: "{}",
      kinds: '{"backlog":{"mail":false,"threshold":"60"}}',
    },
    { intent: "secret" },
    { intent: "renew" },
    { intent: "test" },
  ],
  "routes/app.replay": (dataset) => [
    { outcome: "rejected", reason: "no_money", dataset, event: "Purchase", doubling: "1" },
    { outcome: "waiting" },
  ],
  "routes/app.preview": (dataset) => [{ draft: "{}", datasets: JSON.stringify([dataset]) }],
};
