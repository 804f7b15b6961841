import { expect, it } from "vitest";
import { isRefusal, REFUSALS, type RefusalReason, refusalOf } from "~/delivery/quality-refusal";

it.each<[number | null, number | null, number | null, RefusalReason]>([
  [401, 190, 463, "expired_token"],
  [400, 190, null, "expired_token"],
  [400, 104, null, "expired_token"],
  [403, 10, null, "no_permission"],
  [403, 200, null, "no_permission"],
  [403, 299, null, "no_permission"],
  [400, 3, null, "no_permission"],
  [400, 100, 33, "no_permission"],
  [400, 100, null, "bad_request"],
  [400, 300, null, "bad_request"],
  [400, 613, null, "rate_limited"],
  [403, 80_004, 2_446_079, "rate_limited"],
  [429, null, null, "rate_limited"],
  [500, 1, null, "meta_down"],
  [503, null, null, "meta_down"],
  [500, 190, null, "expired_token"],
  [200, null, null, "unreadable"],
  [302, null, null, "unreadable"],
  [null, null, null, "no_answer"],
])("HTTP %s with code %s and subcode %s means %s", (status, code, subcode, reason) => {
  expect(refusalOf(status, code, subcode)).toBe(reason);
});

it("every reason says what is the matter and what to do, in sentences", () => {
  for (const { says, steps } of Object.values(REFUSALS)) {
    expect(steps.length).toBeGreaterThan(0);
    for (const sentence of [says, ...steps]) expect(sentence).toMatch(/^[A-Z].*\.$/);
  }
});

it("a reason that another version kept is told from one of this version", () => {
  expect([isRefusal("no_permission"), isRefusal("gone"), isRefusal("toString")]).toEqual([true, false, false]);
});
