import { describe, expect, it } from "vitest";
import { type Answer, type Judgement, judge, judgeToken, VERDICTS } from "~/delivery/verdicts";

type ErrorAnswer = Extract<Answer, { kind: "error" }>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function error(over: Partial<ErrorAnswer>): ErrorAnswer {
  const base = { status: 400, code: 0, subcode: null, transient: false, fbtraceId: "A", retryAfter: null, text: "" };
  return { kind: "error", ...base, ...over };
}

function foreign(status: number, retryAfter: number | null = null): Answer {
  return { kind: "foreign", status, retryAfter, text: "<html>" };
}

/** `tries` null: until Meta's window closes. */
const OUTAGES: { what: string; answer: Answer; is: Partial<Judgement> }[] = [
  {
    what: "a broken connection",
    answer: { kind: "silence", cause: "network", text: "ECONNRESET" },
    is: { reason: "network", tries: null, pause: null },
  },
  {
    what: "no answer in time",
    answer: { kind: "silence", cause: "timeout", text: "" },
    is: { reason: "timeout", tries: null, pause: null },
  },
  { what: "HTML with 500", answer: foreign(500), is: { reason: "http_500", tries: null, pause: null } },
  { what: "HTML with 502", answer: foreign(502), is: { reason: "http_502", tries: null } },
  { what: "HTML with 503 and Retry-After", answer: foreign(503, 7_000), is: { tries: null, pause: 7_000 } },
  { what: "HTML with 200", answer: foreign(200), is: { reason: "http_200", tries: null } },
  { what: "HTML with 429", answer: foreign(429), is: { reason: "http_429", tries: null, pause: MINUTE } },
  { what: "HTML with 404, as any outage", answer: foreign(404), is: { reason: "http_404", tries: null } },
  { what: "1, a few times", answer: error({ code: 1 }), is: { reason: "meta_1", tries: 5 } },
  { what: "1 / 99, a few times", answer: error({ code: 1, subcode: 99 }), is: { reason: "meta_1_99", tries: 5 } },
  { what: "2 with 503", answer: error({ code: 2, status: 503 }), is: { reason: "meta_2", tries: null } },
  { what: "2 with 400", answer: error({ code: 2 }), is: { reason: "meta_2", tries: null } },
  { what: "5000, a few times", answer: error({ code: 5000 }), is: { reason: "meta_5000", tries: 5 } },
  { what: "21009, a few times", answer: error({ code: 21009 }), is: { reason: "meta_21009", tries: 5 } },
  { what: "-1, a few times", answer: error({ code: -1 }), is: { reason: "meta_-1", tries: 5 } },
  { what: "-3, a few times", answer: error({ code: -3 }), is: { reason: "meta_-3", tries: 5 } },
];

describe("an outage is tried again", () => {
  it.each(OUTAGES)("$what", ({ answer, is }) => {
    expect(judge(answer)).toMatchObject({ verdict: "retry", ...is });
  });

  it.each([
    500, 502, 503, 504,
  ])("with HTTP %i as long as Meta's window lasts, even when it calls itself unknown", (status) => {
    expect(judge(error({ code: 1, status }))).toMatchObject({ verdict: "retry", tries: null });
  });
});

describe("throttling slows the dataset down", () => {
  it.each([4, 17, 32, 341, 613, 80000, 80004, 80014])("%i", (code) => {
    expect(judge(error({ code }))).toMatchObject({ verdict: "retry", tries: null, pause: MINUTE });
  });

  it("HTTP 429, whatever its code", () => {
    expect(judge(error({ code: 987_654, status: 429 }))).toMatchObject({
      verdict: "retry",
      tries: null,
      pause: MINUTE,
    });
  });

  it("for as long as Meta asks", () => {
    expect(judge(error({ code: 4, retryAfter: 120_000 }))).toMatchObject({ pause: 120_000 });
    expect(judge({ kind: "foreign", status: 429, retryAfter: 120_000, text: "" })).toMatchObject({ pause: 120_000 });
  });

  it("for hours when Meta has blocked the asset, and the merchant is told", () => {
    const { verdict, pause, tries } = judge(error({ code: 368, status: 403 }));
    expect({ verdict, tries }).toEqual({ verdict: "retry", tries: null });
    expect(VERDICTS.find(({ code }) => code === 368)?.actor).toBe("merchant");
    expect(pause).toBeGreaterThanOrEqual(HOUR);
  });
});

describe("a person must act: the dataset is held and no event is lost", () => {
  it.each([
    [190, null],
    [190, 458],
    [190, 459],
    [190, 460],
    [190, 463],
    [190, 464],
    [190, 467],
    [102, null],
    [104, null],
    [100, 33],
    [3, null],
    [10, null],
    [200, null],
    [250, null],
    [299, null],
    [294, null],
  ])("%i / %s", (code, subcode) => {
    const judgement = judge(error({ code, subcode }));
    expect(judgement).toMatchObject({ verdict: "hold", tries: null });
    expect(judgement.reason).toBe(subcode === null ? `meta_${code}` : `meta_${code}_${subcode}`);
    expect(judgement.says).not.toBe("");
  });

  it.each([400, 401])("190 with HTTP %i is the same", (status) => {
    expect(judge(error({ code: 190, status }))).toMatchObject({ verdict: "hold", reason: "meta_190" });
  });

  it("102 to 104 does not reach beyond its ends", () => {
    expect(judge(error({ code: 101 }))).toMatchObject({ verdict: "retry" });
    expect(judge(error({ code: 105 }))).toMatchObject({ verdict: "retry", tries: 5 });
    expect(judge(error({ code: 199 }))).toMatchObject({ verdict: "retry", tries: 5 });
    expect(judge(error({ code: 300 }))).toMatchObject({ verdict: "retry", tries: 5 });
  });
});

describe("the event itself is refused", () => {
  it.each([
    2804003, 2804009, 2804050, 2804043, 2804066, 2804072, 2804001, 2804007, 2804016, 2804017, 2804019, 2804048, 2804030,
  ])("100 / %i, one of the permanent family", (subcode) => {
    expect(judge(error({ code: 100, subcode }))).toEqual({
      verdict: "rejected",
      reason: `meta_100_${subcode}`,
      says: expect.stringMatching(/\w/),
      tries: null,
      pause: null,
    });
  });

  it.each([null, 34, 38, 1_234_567])("100 / %s, an invalid parameter", (subcode) => {
    expect(judge(error({ code: 100, subcode }))).toMatchObject({ verdict: "rejected" });
  });
});

describe("an answer nobody has met before", () => {
  it.each([5, 105, 2650, 2655, 1_487_301, 1_487_366, 987_654])("code %i is tried five times", (code) => {
    expect(judge(error({ code }))).toMatchObject({ verdict: "retry", reason: `meta_${code}`, tries: 5, pause: null });
  });

  it("with HTTP 5xx is an outage", () => {
    expect(judge(error({ code: 987_654, status: 500 }))).toMatchObject({ verdict: "retry", tries: null });
  });
});

describe("Meta's word that it will pass", () => {
  it.each([
    [190, null],
    [100, 2804003],
    [100, 33],
    [200, null],
    [1, null],
    [987_654, null],
  ])("outweighs what %i / %s usually means", (code, subcode) => {
    expect(judge(error({ code, subcode, transient: true }))).toMatchObject({ verdict: "retry", tries: null });
  });
});

describe("Meta's yes", () => {
  it("is a yes", () => {
    expect(judge({ kind: "accepted", status: 200, fbtraceId: "A", text: "" })).toMatchObject({
      verdict: "accepted",
      reason: null,
    });
  });
});

describe("the verdict table", () => {
  it("has no row that an earlier one hides", () => {
    for (const row of VERDICTS) {
      const first = typeof row.code === "number" ? row.code : row.code[0];
      const last = typeof row.code === "number" ? row.code : row.code[1];
      const subcode = typeof row.subcode === "object" ? row.subcode[1] : (row.subcode ?? null);
      const words = [first, last].map((code) => judge(error({ code, subcode })).says);
      expect(words, `code ${first}, subcode ${subcode}`).toContain(row.says);
    }
  });
});

describe("an answer to a request without events", () => {
  it.each([
    ["what is missing", error({ code: 100 })],
    ["a field of it", error({ code: 100, subcode: 2804050 })],
    ["nothing", { kind: "accepted", status: 200, fbtraceId: null, text: "" }],
  ] as const)("is a yes to the token when it complains about %s", (_what, answer) => {
    expect(judgeToken(answer)).toMatchObject({ verdict: "accepted", reason: null });
  });

  it.each([
    error({ code: 190 }),
    error({ code: 100, subcode: 33 }),
    error({ code: 100, transient: true }),
    error({ code: 4 }),
    foreign(200),
  ])("means what it means for events otherwise: %o", (answer) => {
    expect(judgeToken(answer)).toEqual(judge(answer));
    expect(judgeToken(answer).verdict).not.toBe("accepted");
  });
});
