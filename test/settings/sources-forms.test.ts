import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS, type Settings, settingsSchema, treatmentOf } from "~/settings/settings";
import { sourcesForm, withSourcesForm } from "~/settings/sources-forms";

function saved(fields: Record<string, string>, settings: Settings = DEFAULT_SETTINGS): Settings {
  const wanted = withSourcesForm(settings, sourcesForm.parse(fields));
  if ("faults" in wanted) throw new Error(JSON.stringify(wanted.faults));
  expect(settingsSchema.parse(wanted.settings)).toEqual(wanted.settings);
  return wanted.settings;
}

function faults(fields: Record<string, string>): Record<string, string> {
  const wanted = withSourcesForm(DEFAULT_SETTINGS, sourcesForm.parse(fields));
  return "faults" in wanted ? wanted.faults : {};
}

describe("the form of the sources", () => {
  it("changes what it names and leaves the rest", () => {
    const first = saved({ sources: JSON.stringify({ pos: "custom" }), renewalApps: "1234567, Recharge" });
    const after = saved({ sources: JSON.stringify({ draft: "skip" }) }, first);
    expect(after.matrix).toEqual({
      sources: { pos: "custom", draft: "skip" },
      traits: {},
      renewalApps: ["1234567", "recharge"],
    });
    expect(treatmentOf(after, { source: "pos", traits: [] })).toBe("custom");
  });

  it("stores no choice that is the default, and none of a trait that its source decides", () => {
    const chosen = saved({ sources: JSON.stringify({ pos: "skip" }), traits: JSON.stringify({ b2b: "skip" }) });
    const back = saved(
      { sources: JSON.stringify({ pos: "physical_store" }), traits: JSON.stringify({ b2b: "" }) },
      chosen,
    );
    expect(back.matrix).toEqual(DEFAULT_SETTINGS.matrix);
  });

  it("says which new customers are registrations", () => {
    expect(saved({ registrations: "every" }).registrations).toBe("every");
  });

  it.each([
    [{ sources: JSON.stringify({ pos: "sometimes" }) }, "pos"],
    [{ traits: JSON.stringify({ b2b: "sometimes" }) }, "b2b"],
    [{ registrations: "some" }, "registrations"],
    [{ renewalApps: "x".repeat(101) }, "renewalApps"],
    [{ renewalApps: Array.from({ length: 51 }, (_, n) => `app-${n}`).join() }, "renewalApps"],
  ])("names the field that is wrong: %#", (fields, field) => {
    expect(Object.keys(faults(fields as Record<string, string>))).toEqual([field]);
  });

  it("says which app's name is too long, and how many there may be", () => {
    expect(faults({ renewalApps: `fine\n${"x".repeat(101)}` }).renewalApps).toMatch(/^"x+…" is too long$/);
    const many = Array.from({ length: 51 }, (_, n) => `app-${n}`).join();
    expect(faults({ renewalApps: many }).renewalApps).toBe("there may be 50 at the most");
  });
});
