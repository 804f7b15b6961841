import { describe, expect, it } from "vitest";
import { previewForm, withDraft } from "~/settings/preview-forms";
import { DEFAULT_SETTINGS, policyOf, withPolicy } from "~/settings/settings";

const draftOf = (draft: unknown) => previewForm.parse({ draft: JSON.stringify(draft), datasets: "[]" }).draft;

describe("a draft of the settings", () => {
  it("is laid over what is stored, part by part, and a dataset's field by field", () => {
    const stored = withPolicy(DEFAULT_SETTINGS, "1", { contentId: "sku" });
    const drafted = withDraft(stored, draftOf({ datasets: { 1: { restricted: true } }, registrations: "every" }));
    if ("fault" in drafted) throw new Error(drafted.fault);
    expect(policyOf(drafted.settings, "1")).toMatchObject({ contentId: "sku", restricted: true });
    expect(drafted.settings.registrations).toBe("every");
  });

  it.each([
    [
      { datasets: { 1: { filter: { hosts: ["https://a.example"] } } } },
      /^hosts: "https:\/\/a\.example" must be a host/,
    ],
    [{ registrations: "some" }, /^registrations: /],
    [{ rules: [{ key: "a" }] }, /./],
  ])("that is not right is named in a sentence", (draft, words) => {
    expect(withDraft(DEFAULT_SETTINGS, draftOf(draft))).toEqual({ fault: expect.stringMatching(words) });
  });

  it("that is nested deeper than it can be put into words is refused all the same", () => {
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const { draft } = previewForm.parse({ draft: `{"rules":[${deep}]}`, datasets: "[]" });
    expect(withDraft(DEFAULT_SETTINGS, draft)).toEqual({ fault: expect.stringMatching(/^rules: /) });
  });

  it.each([
    { draft: "nonsense", datasets: "[]" },
    { draft: "{}", datasets: "{}" },
    { draft: JSON.stringify({ version: 1 }), datasets: "[]" },
    { draft: JSON.stringify({ datasets: { "not a number": {} } }), datasets: "[]" },
    {},
  ])("is refused where it is none (%#)", (form) => {
    expect(previewForm.safeParse(form).success).toBe(false);
  });
});
