import { describe, expect, it } from "vitest";
import { type AnswerMeaning, nextFor } from "~/outbox/ending";

const NOW = 1_800_000_000_000;
const RETRY: AnswerMeaning = { verdict: "retry", reason: "meta_2", tries: null, pause: null };
const BOUNDED: AnswerMeaning = { ...RETRY, reason: "meta_1", tries: 5 };

interface Row {
  what: string;
  meaning: AnswerMeaning;
  attempts: number;
  next: ReturnType<typeof nextFor>;
}

const TABLE: Row[] = [
  {
    what: "Meta took it",
    meaning: { verdict: "accepted", reason: null, tries: null, pause: null },
    attempts: 1,
    next: { outcome: "accepted", reason: null },
  },
  {
    what: "Meta refused it",
    meaning: { verdict: "rejected", reason: "meta_100_2804009", tries: null, pause: null },
    attempts: 1,
    next: { outcome: "rejected", reason: "meta_100_2804009" },
  },
  {
    what: "the token is dead: it is due at once when the hold ends",
    meaning: { verdict: "hold", reason: "meta_190", tries: null, pause: null },
    attempts: 40,
    next: { outcome: "waiting", reason: "meta_190", runAt: NOW },
  },
  {
    what: "an outage, first try",
    meaning: RETRY,
    attempts: 1,
    next: { outcome: "waiting", reason: "meta_2", runAt: NOW + 5_000 },
  },
  {
    what: "an outage never ends an event",
    meaning: RETRY,
    attempts: 400,
    next: { outcome: "waiting", reason: "meta_2", runAt: NOW + 7_200_000 },
  },
  {
    what: "Meta asked for a pause",
    meaning: { ...RETRY, pause: 90_000 },
    attempts: 1,
    next: { outcome: "waiting", reason: "meta_2", runAt: NOW + 90_000 },
  },
  {
    what: "an unknown answer, fourth try",
    meaning: BOUNDED,
    attempts: 4,
    next: { outcome: "waiting", reason: "meta_1", runAt: NOW + 300_000 },
  },
  {
    what: "an unknown answer, fifth try",
    meaning: BOUNDED,
    attempts: 5,
    next: { outcome: "dead", reason: "unknown_answer" },
  },
  {
    what: "an unknown answer after many tries",
    meaning: BOUNDED,
    attempts: 9,
    next: { outcome: "dead", reason: "unknown_answer" },
  },
];

describe("what becomes of a row", () => {
  it.each(TABLE)("$what", ({ meaning, attempts, next }) => {
    const row = { attempts, reason: meaning.reason, tries: attempts - 1 };
    expect(nextFor(meaning, row, NOW, () => 0.5)).toEqual(next);
  });

  it("an unknown answer counts from its own first time: the outage before it does not", () => {
    const row = { attempts: 6, reason: "http_503", tries: 5 };
    expect(nextFor(BOUNDED, row, NOW, () => 0.5)).toMatchObject({ outcome: "waiting", reason: "meta_1" });
  });
});
