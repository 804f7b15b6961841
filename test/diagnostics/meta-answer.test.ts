import { describe, expect, it } from "vitest";
import { metaSaid } from "~/diagnostics/meta-answer";

const NOTHING = { messages: [], traceId: null };

describe("Meta's answer in words", () => {
  it("is how many events it received, its messages and its trace id", () => {
    const answer = { events_received: 2, messages: ["Look here", { code: 1 }], fbtrace_id: "Aq1" };
    expect(metaSaid(200, JSON.stringify(answer))).toEqual({
      says: "Meta received 2 events with this request.",
      messages: ["Look here", '{"code":1}'],
      traceId: "Aq1",
    });
  });

  it("is Meta's own word for why it refused", () => {
    const error = { message: "Invalid parameter", code: 100, error_subcode: 2804003, error_user_msg: "Too old." };
    expect(metaSaid(400, JSON.stringify({ error: { ...error, fbtrace_id: "Bz2" } }))).toEqual({
      says: "Meta refused it, HTTP 400, error 100, 2804003: Invalid parameter",
      messages: ["Too old."],
      traceId: "Bz2",
    });
    expect(metaSaid(401, '{"error":{"message":"Gone","code":190}}')).toEqual({
      says: "Meta refused it, HTTP 401, error 190: Gone",
      ...NOTHING,
    });
  });

  it.each([
    [502, "<html>", "Something that is not Meta's API answered, with HTTP 502."],
    [500, '{"events_received":1}', "Something that is not Meta's API answered, with HTTP 500."],
    [200, null, "Meta's answer is not kept any more, or cannot be opened."],
    [null, "TypeError: fetch failed", "No answer came."],
  ])("says so where there is none of Meta's: HTTP %s, %s", (status, text, says) => {
    expect(metaSaid(status, text)).toEqual({ says, ...NOTHING });
  });
});
