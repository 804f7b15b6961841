import { describe, expect, it } from "vitest";
import {
  CONSENT_SOURCE_NAMES,
  type ConsentPolicy,
  choiceFor,
  limitedDataUseOf,
  REGION_NAMES,
  regionOf,
  SIGNALS,
  versionOf,
} from "~/consent/policy";

const NOTHING_CHOSEN: ConsentPolicy = { revision: 0, choices: {} };

describe("the policy table", () => {
  it.each([
    ["consent", "given", "send"],
    ["consent", "sale_opt_out", "limited"],
    ["consent", "refused", "withhold"],
    ["consent", "none", "withhold"],
    ["us", "given", "send"],
    ["us", "sale_opt_out", "limited"],
    ["us", "refused", "withhold"],
    ["us", "none", "limited"],
    ["elsewhere", "given", "send"],
    ["elsewhere", "sale_opt_out", "limited"],
    ["elsewhere", "refused", "withhold"],
    ["elsewhere", "none", "send"],
  ] as const)("in %s, a signal that is %s means, whatever the source: %s", (region, signal, choice) => {
    for (const source of CONSENT_SOURCE_NAMES) {
      expect(choiceFor(NOTHING_CHOSEN, { region, source }, signal)).toBe(choice);
    }
  });

  it.each([
    ["given", "send"],
    ["sale_opt_out", "limited"],
    ["refused", "withhold"],
    ["none", "withhold"],
  ] as const)("a beacon that knows no address, with a signal that is %s: %s, whatever a shop has chosen", (signal, choice) => {
    const everywhere = { given: "limited", sale_opt_out: "withhold", none: "send" } as const;
    const bySource = Object.fromEntries(CONSENT_SOURCE_NAMES.map((source) => [source, everywhere]));
    const choices = Object.fromEntries(REGION_NAMES.map((region) => [region, bySource]));
    expect(choiceFor({ revision: 1, choices }, null, signal)).toBe(choice);
  });

  it("takes a shop's own choice for that region, source and signal alone", () => {
    const policy: ConsentPolicy = { revision: 3, choices: { us: { pos: { none: "send" } } } };
    expect(choiceFor(policy, { region: "us", source: "pos" }, "none")).toBe("send");
    expect(choiceFor(policy, { region: "us", source: "web" }, "none")).toBe("limited");
    expect(choiceFor(policy, { region: "us", source: "pos" }, "given")).toBe("send");
    expect(choiceFor(policy, { region: "elsewhere", source: "pos" }, "none")).toBe("send");
    expect(versionOf(policy)).toBe("2.3");
  });

  it("leaves no choice about a refusal, and never sends whole what was opted out of", () => {
    expect(SIGNALS.refused.choices).toEqual(["withhold"]);
    expect(SIGNALS.sale_opt_out.choices).not.toContain("send");
  });
});

describe("the region of an address", () => {
  const EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split(" ");

  it.each([...EU, "IS", "LI", "NO", "GB", "CH"])("%s asks for consent", (country) => {
    expect(regionOf(country)).toBe("consent");
  });

  it.each([
    "RE",
    "GP",
    "MQ",
    "GF",
    "YT",
    "MF",
    "AX",
    "GG",
    "JE",
    "IM",
    "GI",
  ])("%s shares the law of one that does", (country) => {
    expect(regionOf(country)).toBe("consent");
  });

  it("the United States have rules of their own", () => {
    expect(regionOf("US")).toBe("us");
  });

  it.each(["AU", "CA", "JP", "BR", "NZ", "IN", "MX", "TR", "UA"])("%s is elsewhere", (country) => {
    expect(regionOf(country)).toBe("elsewhere");
  });

  it("nowhere counts as asking for consent", () => {
    expect(regionOf(null)).toBe("consent");
  });
});

describe("Limited Data Use", () => {
  it.each([
    ["CA", 1000],
    ["CO", 1001],
    ["CT", 1002],
    ["FL", 1003],
    ["OR", 1004],
    ["TX", 1005],
    ["MT", 1006],
    ["DE", 1007],
    ["NE", 1008],
    ["NH", 1009],
    ["NJ", 1010],
    ["MN", 1011],
    ["MD", 1012],
    ["RI", 1013],
  ])("%s is state %i of country 1", (code, state) => {
    expect(limitedDataUseOf(code, true)).toEqual({ country: 1, state });
  });

  it.each(["NY", "WA", "DC", "PR", "ca", "", null])("%j is not listed: Meta is asked to find out", (code) => {
    expect(limitedDataUseOf(code, true)).toEqual({ country: 0, state: 0 });
  });

  it.each([
    "NY",
    null,
  ])("%j is limited as in California where no IP goes with it: Meta could find out nothing", (code) => {
    expect(limitedDataUseOf(code, false)).toEqual({ country: 1, state: 1000 });
    expect(limitedDataUseOf("OR", false)).toEqual({ country: 1, state: 1004 });
  });
});
