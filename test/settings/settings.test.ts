import { describe, expect, it } from "vitest";
import { EVENT_NAMES } from "~/events/names";
import { ORDER_SOURCE_NAMES, ORDER_SOURCES } from "~/events/order-sources";
import { DEFAULT_POLICY } from "~/settings/dataset-policy";
import {
  DEFAULT_SETTINGS,
  isOn,
  parseSettings,
  policyOf,
  settingsSchema,
  treatmentOf,
  withPolicy,
  withToggles,
} from "~/settings/settings";

const DATASET = "1234567890";
const OTHER = "2234567890";
const parse = (document: unknown) => parseSettings(JSON.stringify(document));

describe("a stored document", () => {
  it("of version 1 keeps its toggles and has the defaults of everything else", () => {
    const toggles = { Purchase: { browser: false, server: true }, PageView: { browser: true, server: false } };
    expect(parse({ version: 1, toggles })).toEqual({ ...DEFAULT_SETTINGS, toggles });
    expect(parse({ version: 1, toggles: {} })).toEqual(DEFAULT_SETTINGS);
  });

  it("that says nothing has every default", () => {
    expect(parse({ version: 2 })).toEqual({
      version: 2,
      toggles: {},
      matrix: { sources: {}, traits: {}, renewalApps: [] },
      registrations: "account",
      datasets: {},
      rules: [],
      consent: { revision: 0, choices: {} },
      alerts: { mail: [], webhook: null, webhookSecret: 1, daily: { mail: false, webhook: false }, kinds: {} },
    });
    expect(parse({ version: 2, datasets: { [DATASET]: {} } }).datasets[DATASET]).toEqual(DEFAULT_POLICY);
  });

  it("is the same when it was stored and read again", () => {
    const settings = withPolicy(withToggles(DEFAULT_SETTINGS, { Refund: { server: true } }, DATASET), DATASET, {
      restricted: true,
      trigger: "payment",
    });
    expect(parse(settings)).toEqual(settings);
  });

  it.each([
    ["of a version to come", { version: 3 }],
    ["without a version", {}],
    ["with a field nobody knows", { version: 2, colour: "blue" }],
    ["of version 1 with what came later", { version: 1, toggles: {}, rules: [] }],
    ["with an event nobody knows", { version: 2, toggles: { Sale: { browser: true, server: true } } }],
    ["with half a toggle", { version: 2, toggles: { Purchase: { browser: true } } }],
    ["with a source nobody knows", { version: 2, matrix: { sources: { fax: "skip" } } }],
    ["with a treatment nobody knows", { version: 2, matrix: { sources: { pos: "email" } } }],
    ["with a dataset that is no number", { version: 2, datasets: { abc: {} } }],
    ["that is none", null],
  ])("%s is refused, not guessed at", (_what, document) => {
    expect(() => parse(document)).toThrow();
  });

  it("has its list of renewal apps tidied", () => {
    const { matrix } = settingsSchema.parse({ version: 2, matrix: { renewalApps: [" Example-Subs ", "294517"] } });
    expect(matrix.renewalApps).toEqual(["example-subs", "294517"]);
    for (const renewalApps of [[""], ["x".repeat(101)], Array(51).fill("a"), "294517"]) {
      expect(settingsSchema.safeParse({ version: 2, matrix: { renewalApps } }).success).toBe(false);
    }
  });
});

describe("a dataset", () => {
  const shared = withPolicy(DEFAULT_SETTINGS, DATASET, { contentId: "sku" });

  it("has a policy of its own, and the default until then", () => {
    expect(policyOf(shared, DATASET)).toEqual({ ...DEFAULT_POLICY, contentId: "sku" });
    expect(policyOf(shared, OTHER)).toBe(DEFAULT_POLICY);
    expect(policyOf(shared, null)).toBe(DEFAULT_POLICY);
  });

  it("keeps what is not changed", () => {
    expect(policyOf(withPolicy(shared, DATASET, { restricted: true }), DATASET)).toEqual({
      ...DEFAULT_POLICY,
      contentId: "sku",
      restricted: true,
    });
    expect(withPolicy(shared, OTHER, { restricted: true }).datasets[DATASET]).toBe(shared.datasets[DATASET]);
  });

  it("may switch an event for itself, against the shop", () => {
    const shopOff = withToggles(DEFAULT_SETTINGS, { Purchase: { server: false } });
    const own = withToggles(shopOff, { Purchase: { server: true } }, DATASET);
    expect(isOn(own, "Purchase", "server", DATASET)).toBe(true);
    expect(isOn(own, "Purchase", "server", OTHER)).toBe(false);
    expect(isOn(own, "Purchase", "server")).toBe(false);
    expect(isOn(own, "Purchase", "browser", DATASET)).toBe(true);
  });

  it("has the shop's switches until it has its own, and then keeps both legs as they were", () => {
    const shopOff = withToggles(DEFAULT_SETTINGS, { Purchase: { browser: false } });
    expect(isOn(shopOff, "Purchase", "browser", DATASET)).toBe(false);
    const own = withToggles(shopOff, { Purchase: { server: false } }, DATASET);
    expect(own.datasets[DATASET]?.toggles).toEqual({ Purchase: { browser: false, server: false } });
    expect(withToggles(own, { Purchase: { browser: true } }).datasets[DATASET]).toEqual(own.datasets[DATASET]);
  });
});

describe("the matrix", () => {
  const plain = { traits: [] };

  it("says what the table says until the merchant does", () => {
    for (const source of ORDER_SOURCE_NAMES) {
      expect(treatmentOf(DEFAULT_SETTINGS, { source, ...plain })).toBe(ORDER_SOURCES[source].default);
    }
    expect(treatmentOf(DEFAULT_SETTINGS, { source: "web", traits: ["zero_value", "b2b"] })).toBe("website");
  });

  it("lets a trait go before the source, and the first of two before the second", () => {
    const matrix = { sources: { web: "skip" as const }, traits: { b2b: "custom" as const }, renewalApps: [] };
    const settings = { ...DEFAULT_SETTINGS, matrix };
    expect(treatmentOf(settings, { source: "web", ...plain })).toBe("skip");
    expect(treatmentOf(settings, { source: "web", traits: ["zero_value"] })).toBe("skip");
    expect(treatmentOf(settings, { source: "web", traits: ["zero_value", "b2b"] })).toBe("custom");
    const both = {
      ...settings,
      matrix: { ...matrix, traits: { zero_value: "website" as const, b2b: "custom" as const } },
    };
    expect(treatmentOf(both, { source: "web", traits: ["zero_value", "b2b"] })).toBe("website");
  });
});

describe("before a merchant touches anything", () => {
  it("both legs of what a shopper does are on, and all else is off", () => {
    const legs = EVENT_NAMES.map((name) => [
      name,
      isOn(DEFAULT_SETTINGS, name, "browser"),
      isOn(DEFAULT_SETTINGS, name, "server"),
    ]);
    expect(legs).toEqual([
      ["PageView", true, true],
      ["ViewContent", true, true],
      ["Search", true, true],
      ["AddToCart", true, true],
      ["InitiateCheckout", true, true],
      ["AddPaymentInfo", true, true],
      ["Purchase", true, true],
      ["CompleteRegistration", false, false],
      ["Subscribe", false, false],
      ["Upsell", false, false],
      ["Refund", false, false],
    ]);
  });
});
