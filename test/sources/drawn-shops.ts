import fc from "fast-check";
import { CONTENT_ID_FORMAT_NAMES } from "~/events/content-id-formats";
import type { ConsentSignal } from "~/events/event";
import { EVENT_NAMES } from "~/events/names";
import { ORDER_SOURCE_NAMES, ORDER_TRAIT_NAMES, TREATMENTS } from "~/events/order-sources";
import { type ProductFiling, RULE_BASES, type RuleBase } from "~/events/rules";
import { VALUE_BASIS_NAMES, VALUE_MONEY_NAMES } from "~/events/value";
import type { Findings } from "~/pipeline/made-events.server";
import type { SendingShop } from "~/pipeline/outgoing.server";
import type { Addressee } from "~/pipeline/treatment";
import { PURCHASE_TRIGGERS } from "~/settings/dataset-policy";
import { policyOf, type Settings, settingsSchema } from "~/settings/settings";
import { GIVEN, REFUSED, SALE_OPT_OUT } from "../fixtures/beacon";
import { DAY } from "../support/clock";

/** Shops as merchants may set them up, drawn at random: whatever they wish, nothing may leave that Meta refuses. */

export interface DrawnShop {
  settings: Settings;
  addressees: Addressee[];
  shop: SendingShop;
}

const DATASETS = ["1234567890", "2234567890"];
const HOUR_MS = 3_600_000;

const treatment = fc.constantFrom(...(Object.keys(TREATMENTS) as (keyof typeof TREATMENTS)[]));
const legs = fc.constantFrom({ browser: true, server: true }, { browser: true, server: false });
const some = <Value>(names: readonly string[], value: fc.Arbitrary<Value>) =>
  fc.dictionary(fc.constantFrom(...names), value, { maxKeys: names.length });

/** All that can be on is, but for a few: a mutant must not slip through because its event is off. */
const toggles = some(EVENT_NAMES, legs).map((drawn) => ({
  ...Object.fromEntries(EVENT_NAMES.map((name) => [name, { browser: true, server: true }])),
  ...Object.fromEntries(Object.entries(drawn).slice(0, 2)),
}));

const membership = fc.constantFrom("any_of", "none_of");
const condition = fc.oneof(
  fc.record({
    field: fc.constant("value"),
    is: fc.constantFrom("at_least", "less_than"),
    amount: fc.constantFrom("0", "10", "64.50", "1000000"),
    currency: fc.constantFrom("USD", "EUR", "JPY"),
  }),
  fc.record({ field: fc.constant("product"), is: membership, words: fc.constant(["9001"]) }),
  fc.record({ field: fc.constantFrom("vendor", "type", "tag"), is: membership, words: fc.constant(["Example Goods"]) }),
  fc.record({ field: fc.constant("country"), is: membership, words: fc.constantFrom(["US"], ["DE", "AU"]) }),
  fc.record({ field: fc.constant("source"), is: membership, words: fc.subarray(ORDER_SOURCE_NAMES, { minLength: 1 }) }),
  fc.record({ field: fc.constant("customer"), is: fc.constantFrom("first", "returning") }),
);
const { question } = fc.letrec((tie) => ({
  question: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    condition,
    fc.record({ all: fc.array(tie("question"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("question"), { minLength: 1, maxLength: 3 }) }),
  ),
}));

/** Names and keys as long as they may be. */
const rule = (base: fc.Arbitrary<RuleBase>) =>
  fc.record({
    key: fc.stringMatching(/^[a-z0-9]{1,16}$/),
    name: fc.stringMatching(/^[A-Z][A-Za-z0-9_ -]{0,48}[a-z]$/).map((name) => `X${name}`.slice(0, 50)),
    base,
    on: fc.constantFrom(true, true, false),
    when: question,
  });

const bases = fc.oneof(fc.constant<RuleBase>("Purchase"), fc.constantFrom(...RULE_BASES));

const policy = fc.record(
  {
    toggles: fc.constantFrom({}, {}, { Purchase: { browser: false, server: true } }),
    trigger: fc.constantFrom(...(Object.keys(PURCHASE_TRIGGERS) as (keyof typeof PURCHASE_TRIGGERS)[])),
    value: fc.record({ basis: fc.constantFrom(...VALUE_BASIS_NAMES), money: fc.constantFrom(...VALUE_MONEY_NAMES) }),
    contentId: fc.constantFrom(...CONTENT_ID_FORMAT_NAMES),
    filter: fc.constantFrom(
      {},
      {},
      { hosts: ["shop.example.com"] },
      { paths: ["/products/"] },
      { countries: ["US", "AU", "DE"] },
    ),
    restricted: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** A document as the settings' own schema leaves it. */
const settings: fc.Arbitrary<Settings> = fc
  .record({
    toggles,
    matrix: fc.record({
      sources: fc.oneof(fc.constant({}), some(ORDER_SOURCE_NAMES, treatment)),
      traits: fc.oneof(fc.constant({}), some(ORDER_TRAIT_NAMES, treatment)),
      renewalApps: fc.constantFrom([], ["3890849"], ["294517", "example-subscriptions"]),
    }),
    registrations: fc.constantFrom("account", "every", "every"),
    datasets: some(DATASETS, policy),
    rules: fc.uniqueArray(rule(bases), {
      maxLength: 4,
      comparator: (one, other) => one.key === other.key || one.name.toLowerCase() === other.name.toLowerCase(),
    }),
  })
  .map((drawn) => settingsSchema.parse({ version: 2, ...drawn }));

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

export const drawnShop: fc.Arbitrary<DrawnShop> = fc
  .record({
    settings,
    shop: fc.record({
      country: fc.constantFrom(null, "AU", "US", "DE"),
      primaryDomain: fc.constantFrom(null, "shop.example.com"),
      currency: fc.constantFrom(null, "USD", "EUR"),
      taxesIncluded: maybe(fc.boolean()),
    }),
  })
  .map(({ settings, shop }) => ({
    settings,
    shop,
    addressees: DATASETS.map((dataset) => ({
      dataset,
      policy: policyOf(settings, dataset),
      connectedAt: DAY - HOUR_MS,
    })),
  }));

export const drawnSignal: fc.Arbitrary<ConsentSignal | null> = fc.constantFrom(
  GIVEN,
  GIVEN,
  GIVEN,
  SALE_OPT_OUT,
  REFUSED,
  null,
);

const filing: ProductFiling = { type: "Shirts", vendor: "Example Goods", tags: ["summer"], collections: null };

export const drawnFindings: fc.Arbitrary<Findings> = fc.record({
  order: fc.option(fc.record({ firstOrder: maybe(fc.boolean()), subscription: maybe(fc.boolean()) }), {
    nil: undefined,
  }),
  products: fc.constantFrom(new Map(), new Map([["9001", filing]])),
});
