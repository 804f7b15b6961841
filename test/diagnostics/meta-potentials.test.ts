import { describe, expect, it } from "vitest";
import { readQuality } from "~/delivery/dataset-quality";
import { adviceFor } from "~/diagnostics/adviser";
import { keyFeedbackOf, potentialsOf } from "~/diagnostics/meta-potentials";
import { MATCH_KEYS } from "~/match-keys/keys";

const [reading = null] =
  readQuality({
    web: [
      {
        event_name: "AddToCart",
        event_match_quality: {
          match_key_feedback: [
            {
              identifier: "phone",
              coverage: { percentage: 12.5 },
              potential_aly_acr_increase: { percentage: 17.75, description: "Like advertisers saw 17.75% more." },
            },
            { identifier: "email", coverage: { percentage: 91.5 } },
            { identifier: "login_id", coverage: null },
          ],
        },
      },
    ],
  }) ?? [];

describe("what Meta says of match keys", () => {
  it("bears our name where we know the key, else Meta's, and Meta's numbers", () => {
    expect(keyFeedbackOf(reading)).toEqual([
      { label: "Phone", coverage: 12.5, percentage: 17.75, description: "Like advertisers saw 17.75% more." },
      { label: "Email", coverage: 91.5, percentage: null, description: null },
      { label: "login_id", coverage: null, percentage: null, description: null },
    ]);
    expect(keyFeedbackOf(null)).toEqual([]);
  });

  it("stands beside the advice on the same key, and puts it before others of its priority", () => {
    const lacking = (key: string) => ["ph", "external_id"].includes(key);
    const keys = MATCH_KEYS.map(({ key }) => ({ key, sent: lacking(key) ? 0 : 100, known: 0, days: [] }));
    const advice = adviceFor(
      { event: "Purchase", server: { events: 100, keys } },
      { dataset: "1", recognising: false },
      potentialsOf(reading),
    );
    expect(advice.map(({ key, potential }) => [key, potential?.percentage ?? null])).toEqual([
      ["ph", 17.75],
      ["external_id", null],
    ]);
  });
});
