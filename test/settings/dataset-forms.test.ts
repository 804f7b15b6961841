import { describe, expect, it } from "vitest";
import { datasetNumber, holdSeconds, metaToken, testCode } from "~/settings/dataset-fields";
import { datasetForm, faultsOf } from "~/settings/dataset-forms";

const CONNECT = { intent: "connect", dataset: "1234567890", token: "EAAtoken" };
const CONFIGURE = { intent: "configure", dataset: "1234567890", testCode: "TEST12345", holdSeconds: "60" };

/** What the page shows beside its fields. */
function faults(form: unknown): Record<string, string> {
  const parsed = datasetForm.safeParse(form);
  return parsed.success ? {} : faultsOf(parsed.error);
}

describe("a field of a dataset", () => {
  it.each([
    [datasetNumber, "1234567890", "1234567890"],
    [datasetNumber, "  1234567890\n", "1234567890"],
    [datasetNumber, "12345678901234567890", "12345678901234567890"],
    [metaToken, " EAAtoken|with.signs-and_more\r\n", "EAAtoken|with.signs-and_more"],
    [metaToken, "x".repeat(2_000), "x".repeat(2_000)],
    [testCode, " TEST12345 ", "TEST12345"],
    [testCode, "", ""],
    [testCode, "   ", ""],
    [testCode, "x".repeat(64), "x".repeat(64)],
    [holdSeconds, "0", 0],
    [holdSeconds, " 60 ", 60],
    [holdSeconds, "300", 300],
  ])("is taken without the space around it (%#)", (field, given, taken) => {
    expect(field.parse(given)).toBe(taken);
  });

  it.each([
    [datasetNumber, ""],
    [datasetNumber, "12a"],
    [datasetNumber, "1234567890 1"],
    [datasetNumber, "-1"],
    [datasetNumber, "1e9"],
    [datasetNumber, "١٢٣"],
    [datasetNumber, "123456789012345678901"],
    [metaToken, ""],
    [metaToken, "  "],
    [metaToken, "two words"],
    [metaToken, "EAA\ntoken"],
    [metaToken, "EAAtökén"],
    [metaToken, "x".repeat(2_001)],
    [testCode, "two words"],
    [testCode, "TEST\u00001"],
    [testCode, "x".repeat(65)],
    [holdSeconds, ""],
    [holdSeconds, "-1"],
    [holdSeconds, "1.5"],
    [holdSeconds, "1e2"],
    [holdSeconds, "301"],
    [holdSeconds, "1000"],
    [holdSeconds, "soon"],
  ])("is refused in words that begin where its name ends (%#)", (field, given) => {
    const result = field.safeParse(given);
    expect(result.error?.issues[0]?.message).toMatch(/^must be /);
  });

  it.each([undefined, null, 7, [], {}])("is refused where it is no text: %s", (given) => {
    for (const field of [datasetNumber, metaToken, testCode, holdSeconds]) {
      expect(field.safeParse(given).success).toBe(false);
    }
  });
});

describe("the form of a dataset", () => {
  it.each([
    ["connects", CONNECT, CONNECT],
    ["configures", CONFIGURE, { ...CONFIGURE, holdSeconds: 60 }],
    ["takes the test code away", { ...CONFIGURE, testCode: "" }, { ...CONFIGURE, testCode: "", holdSeconds: 60 }],
    ["disconnects", { intent: "disconnect", dataset: "1" }, { intent: "disconnect", dataset: "1" }],
    ["asks for a test event", { intent: "test", dataset: "1" }, { intent: "test", dataset: "1" }],
  ])("%s", (_what, form, asked) => {
    expect(datasetForm.parse(form)).toEqual(asked);
  });

  it("takes no more than its intent asks for", () => {
    expect(datasetForm.parse({ ...CONFIGURE, intent: "disconnect" })).toEqual({
      intent: "disconnect",
      dataset: "1234567890",
    });
  });

  it("names each field that is wrong, with one message each", () => {
    expect(faults({ intent: "connect", dataset: "no number", token: "two words" })).toEqual({
      dataset: expect.stringMatching(/^must be the dataset's number/),
      token: expect.stringMatching(/^must be one word/),
    });
    expect(faults({ intent: "configure", dataset: "1", testCode: "two words", holdSeconds: "301" })).toEqual({
      testCode: expect.stringMatching(/^must be one word/),
      holdSeconds: "must be a whole number from 0 to 300",
    });
  });

  it("says of a token that was forgotten where one comes from", () => {
    expect(faults({ ...CONNECT, token: "" })).toEqual({ token: expect.stringContaining("Events Manager") });
  });

  it("never repeats a token that it refuses", () => {
    expect(JSON.stringify(faults({ ...CONNECT, token: "EAAsecret token" }))).not.toContain("EAAsecret");
  });

  it.each(["", "delete", "Connect", undefined])("refuses an intent that it does not know: %s", (intent) => {
    expect(Object.keys(faults({ ...CONNECT, intent }))).toEqual(["intent"]);
  });

  it("refuses what is no form", () => {
    for (const nothing of [null, undefined, "", []]) expect(datasetForm.safeParse(nothing).success).toBe(false);
  });
});
