import { expect, it } from "vitest";
import { restOf } from "~/delivery/usage";

const MINUTE = 60_000;

const rest = (headers: Record<string, unknown>) =>
  restOf(
    new Headers(
      Object.entries(headers).map(([name, value]): [string, string] => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );

const ofBusiness = (over: object) => ({
  "X-Business-Use-Case-Usage": {
    "1234567890": [{ type: "ads_management", call_count: 1, total_cputime: 1, total_time: 1, ...over }],
  },
});

it.each([
  ["nothing said", {}, null],
  ["an app far from its end", { "X-App-Usage": { call_count: 28, total_time: 25, total_cputime: 25 } }, null],
  [
    "an app at three quarters of its calls",
    { "X-App-Usage": { call_count: 75, total_time: 1, total_cputime: 1 } },
    2_000,
  ],
  ["an app at nine tenths of its time", { "X-App-Usage": { call_count: 1, total_time: 90, total_cputime: 1 } }, 10_000],
  ["an app beyond its processor time", { "X-App-Usage": { call_count: 1, total_time: 1, total_cputime: 140 } }, MINUTE],
  ["an ad account at its end", { "X-Ad-Account-Usage": { acc_id_util_pct: 100 } }, MINUTE],
  ["a business with allowance left", ofBusiness({ estimated_time_to_regain_access: 0 }), null],
  ["a business that is shut out for 19 minutes", ofBusiness({ estimated_time_to_regain_access: 19 }), 19 * MINUTE],
  ["a business that is shut out for a day", ofBusiness({ estimated_time_to_regain_access: 1_440 }), 60 * MINUTE],
  ["a business near its end, of several", ofBusiness({ call_count: 95 }), 10_000],
])("%s", (_name, headers, expected) => {
  expect(rest(headers)).toBe(expected);
});

it("goes by the worst of all that is said", () => {
  const headers = {
    ...ofBusiness({ call_count: 80 }),
    "X-App-Usage": { call_count: 92, total_time: 1, total_cputime: 1 },
  };
  expect(rest(headers)).toBe(10_000);
});

it.each([
  "",
  "null",
  "[]",
  "5",
  "{",
  '{"a":[{"call_count":"many"}]}',
  '{"a":{"call_count":100}}',
])("learns nothing from %j", (text) => {
  expect(rest({ "X-Business-Use-Case-Usage": text, "X-App-Usage": text })).toBe(null);
});
