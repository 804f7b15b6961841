import { describe, expect, it } from "vitest";
import { limitedDataUseOf, POLICY, regionOf } from "~/consent/policy";

describe("the policy table", () => {
  it.each([
    ["consent", "given", "send"],
    ["consent", "sale_opt_out", "limited"],
    ["consent", "refused", "consent_refused"],
    ["consent", "none", "no_consent_signal"],
    ["us", "given", "send"],
    ["us", "sale_opt_out", "limited"],
    ["us", "refused", "consent_refused"],
    ["us", "none", "limited"],
    ["elsewhere", "given", "send"],
    ["elsewhere", "sale_opt_out", "limited"],
    ["elsewhere", "refused", "consent_refused"],
    ["elsewhere", "none", "send"],
    ["browser", "given", "send"],
    ["browser", "sale_opt_out", "limited"],
    ["browser", "refused", "consent_refused"],
    ["browser", "none", "no_consent_signal"],
  ] as const)("in %s, a signal that is %s means: %s", (region, signal, ruling) => {
    expect(POLICY.rulings[region][signal]).toBe(ruling);
  });

  it("has those sixteen rulings and no more, under a version of its own", () => {
    expect(Object.values(POLICY.rulings).flatMap((row) => Object.values(row))).toHaveLength(16);
    expect(POLICY.version).toBe(1);
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
    expect(limitedDataUseOf(code)).toEqual({ country: 1, state });
  });

  it.each(["NY", "WA", "DC", "PR", "ca", "", null])("%j is not listed: Meta is asked to find out", (code) => {
    expect(limitedDataUseOf(code)).toEqual({ country: 0, state: 0 });
  });
});
