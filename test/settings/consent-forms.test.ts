import { describe, expect, it } from "vitest";
import { choiceFor } from "~/consent/policy";
import { consentForm, withConsentForm } from "~/settings/consent-forms";
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from "~/settings/settings";

function saved(choices: object, settings: Settings = DEFAULT_SETTINGS): Settings {
  const wanted = withConsentForm(settings, consentForm.parse({ choices: JSON.stringify(choices) }));
  if ("faults" in wanted) throw new Error(JSON.stringify(wanted.faults));
  expect(settingsSchema.parse(wanted.settings)).toEqual(wanted.settings);
  return wanted.settings;
}

function faults(choices: object): Record<string, string> {
  const wanted = withConsentForm(DEFAULT_SETTINGS, consentForm.parse({ choices: JSON.stringify(choices) }));
  return "faults" in wanted ? wanted.faults : {};
}

describe("the form of the consent policy", () => {
  it("changes what it names, leaves the rest, and counts the change", () => {
    const first = saved({ us: { pos: { none: "send" } } });
    const { consent } = saved({ elsewhere: { web: { none: "withhold", given: "limited" } } }, first);
    expect(consent).toEqual({
      revision: 2,
      choices: { us: { pos: { none: "send" } }, elsewhere: { web: { none: "withhold", given: "limited" } } },
    });
    expect(choiceFor(consent, { region: "us", source: "pos" }, "none")).toBe("send");
  });

  it("stores no choice that is the default", () => {
    const chosen = saved({ us: { pos: { none: "send", given: "limited" } } });
    expect(saved({ us: { pos: { none: "limited" } } }, chosen).consent.choices).toEqual({
      us: { pos: { given: "limited" } },
    });
    expect(saved({ us: { pos: { none: "limited", given: "send" } } }, chosen).consent.choices).toEqual({});
  });

  it("that changes nothing is no new version", () => {
    const chosen = saved({ us: { pos: { none: "send" } } });
    expect(saved({ us: { pos: { none: "send" } } }, chosen).consent.revision).toBe(1);
    expect(saved({}).consent.revision).toBe(0);
  });

  it.each([
    [{ us: { web: { refused: "send" } } }, "refused"],
    [{ us: { web: { sale_opt_out: "send" } } }, "sale_opt_out"],
    [{ elsewhere: { draft: { none: "perhaps" } } }, "none"],
    [{ consent: { web: { given: "withhold" } } }, "given"],
  ])("names the field that leaves no such choice: %j", (choices, field) => {
    expect(Object.keys(faults(choices))).toEqual([field]);
  });

  it.each([
    ["no JSON", "{"],
    ["a region that is none", JSON.stringify({ mars: { web: { none: "send" } } })],
    ["a source that is none", JSON.stringify({ us: { moon: { none: "send" } } })],
    ["a signal that is none", JSON.stringify({ us: { web: { maybe: "send" } } })],
  ])("does not take %s", (_, choices) => {
    expect(consentForm.safeParse({ choices }).success).toBe(false);
  });
});
