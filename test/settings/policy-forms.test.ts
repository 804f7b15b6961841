import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "~/settings/dataset-policy";
import { entriesOf } from "~/settings/form-fields";
import { policyForm, policyWith, withPolicyForm } from "~/settings/policy-forms";
import { DEFAULT_SETTINGS, isOn, policyOf, settingsSchema, withPolicy } from "~/settings/settings";

const DATASET = "1234567890";

/** What the page shows beside its fields. */
function faults(fields: Record<string, string>): Record<string, string> {
  const wanted = policyWith(DEFAULT_POLICY, policyForm.parse(fields));
  return "faults" in wanted ? wanted.faults : {};
}

describe("a typed list", () => {
  it.each([
    ["", []],
    [" \n ,, ", []],
    ["DE, AT\nCH", ["DE", "AT", "CH"]],
    ["DE\r\nAT,\n", ["DE", "AT"]],
    ["DE,DE", ["DE"]],
  ])("has its entries on lines or between commas: %j", (text, entries) => {
    expect(entriesOf(text)).toEqual(entries);
  });
});

describe("the form of what a dataset is sent", () => {
  it("changes what it names and leaves the rest as it is stored", () => {
    const stored = withPolicy(DEFAULT_SETTINGS, DATASET, { contentId: "sku", restricted: true });
    const form = policyForm.parse({ basis: "goods", hosts: "Shop.Example.com", countries: "de, at" });
    const after = withPolicyForm(stored, DATASET, form);
    expect(policyOf(after, DATASET)).toEqual({
      ...DEFAULT_POLICY,
      contentId: "sku",
      restricted: true,
      value: { basis: "goods", money: "presentment" },
      filter: { ...DEFAULT_POLICY.filter, hosts: ["shop.example.com"], countries: ["DE", "AT"] },
    });
    expect(settingsSchema.parse(after)).toEqual(after);
  });

  it("takes a filter away, and the restricted mode", () => {
    const stored = withPolicy(DEFAULT_SETTINGS, DATASET, {
      restricted: true,
      filter: { ...DEFAULT_POLICY.filter, hosts: ["a.example"], paths: ["/en"], countries: ["DE"] },
    });
    const form = policyForm.parse({ hosts: "", restricted: "false" });
    expect(policyOf(withPolicyForm(stored, DATASET, form), DATASET)).toMatchObject({
      restricted: false,
      filter: { hosts: [], paths: ["/en"], countries: ["DE"] },
    });
  });

  it.each([
    [{ hosts: "https://shop.example.com" }, { hosts: /^"https:\/\/shop\.example\.com" must be a host such as/ }],
    [{ paths: "en-gb" }, { paths: /^"en-gb" must be the beginning of a path/ }],
    [{ countries: "DE, DEU, AUT" }, { countries: /^"DEU" must be a two-letter country code such as DE$/ }],
    [{ basis: "all" }, { basis: /./ }],
    [{ money: "gold" }, { money: /./ }],
    [{ trigger: "never" }, { trigger: /./ }],
    [{ contentId: "name" }, { contentId: /./ }],
    [{ hosts: Array.from({ length: 51 }, (_, n) => `h${n}.example`).join("\n") }, { hosts: /^has too many entries$/ }],
    [
      { hosts: "a b", countries: "D" },
      { hosts: /^"a b" must be/, countries: /^"D" must be/ },
    ],
  ])("names the field that is wrong, and of a list the entry: %j", (fields, named) => {
    const found = faults(fields as Record<string, string>);
    expect(Object.keys(found)).toEqual(Object.keys(named));
    for (const [field, words] of Object.entries(named)) expect(found[field]).toMatch(words);
  });

  it("says of a long entry only how it begins", () => {
    expect(faults({ hosts: `https://${"x".repeat(500)}` }).hosts?.length).toBeLessThan(200);
  });

  it("switches legs for this dataset alone, and lets the Events page decide again", () => {
    const toggles = JSON.stringify({ Search: { server: false } });
    const own = withPolicyForm(DEFAULT_SETTINGS, DATASET, policyForm.parse({ toggles }));
    expect([isOn(own, "Search", "server", DATASET), isOn(own, "Search", "server")]).toEqual([false, true]);
    const again = withPolicyForm(own, DATASET, policyForm.parse({ toggles: "none" }));
    expect(policyOf(again, DATASET).toggles).toEqual({});
  });

  it.each([
    "nonsense",
    "[]",
    JSON.stringify({ Sale: { server: true } }),
  ])("refuses switches that are none: %s", (toggles) => {
    expect(policyForm.safeParse({ toggles }).success).toBe(false);
  });
});
