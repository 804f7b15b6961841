import { describe, expect, it } from "vitest";
import { momentOf } from "~/delivery/token-check";
import { DATASET } from "../demo/stage";
import { buy } from "./buy";
import { fits } from "./fits";
import { openPlay, type Play } from "./play";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PATIENCE = { timeout: 90_000, interval: 200 };

/** Everything that Meta's documentation shows of an event. */
const PURCHASE = {
  event_name: "Purchase",
  event_match_quality: {
    composite_score: 6.7,
    match_key_feedback: [
      {
        identifier: "email",
        coverage: { percentage: 91.5 },
        potential_aly_acr_increase: { percentage: 3.25, description: "Like advertisers saw 3.25% more." },
      },
      {
        identifier: "phone",
        coverage: { percentage: 12.5 },
        potential_aly_acr_increase: { percentage: 17.75, description: "Like advertisers saw 17.75% more." },
      },
      { identifier: "login_id", coverage: { percentage: 0 } },
    ],
    diagnostics: [
      {
        name: "Update your customer parameters",
        description: "Your server sends IPv4 addresses where the browser sends IPv6.",
        solution: "Send IPv6 addresses.",
        percentage: 41.5,
        affected_event_count: 83,
        total_event_count: 200,
      },
    ],
  },
  event_coverage: {
    percentage: 63.5,
    goal_percentage: 75,
    description: "Below the goal.",
    potential_aly_acr_increase: { percentage: 4.5, description: "By reaching the goal." },
  },
  dedupe_key_feedback: [
    {
      dedupe_key: "event_id",
      browser_events_with_dedupe_key: { percentage: 98.5, description: "of the browser's" },
      server_events_with_dedupe_key: { percentage: 99.5, description: "of the server's" },
      overall_browser_coverage_from_dedupe_key: { percentage: 62.5, description: "of all" },
    },
  ],
  data_freshness: { upload_frequency: "real_time", description: "You share events in real time." },
  acr: { percentage: 8.75, description: "Additional conversions reported." },
  event_potential_aly_acr_increase: { percentage: 2.25, description: "More can be reported." },
};

/** Goes on to a minute after the dataset's moment of the next hour, and waits until Meta was asked. */
async function nextAsking({ stage }: Play): Promise<void> {
  const { id } = await stage.db.dataset.findFirstOrThrow();
  const moment = momentOf(id, HOUR);
  const next = Math.floor((stage.now() - moment) / HOUR + 1) * HOUR + moment + MINUTE;
  await stage.travel(new Date(next).toISOString());
  await expect
    .poll(async () => Number((await stage.db.datasetQuality.findFirst())?.askedAt ?? 0) >= next, PATIENCE)
    .toBe(true);
}

describe("what Meta says, in Chromium", () => {
  it("appears as Meta says it, number by number; without permission the pages say what to do and show the rest", async () => {
    const play = await openPlay({ holdSeconds: 0 });
    const { stage, copies } = play;
    const shopper = stage.shopper({ country: "US", consent: "given", blocked: false });
    await buy(shopper);
    await expect.poll(() => copies("Purchase").length, PATIENCE).toBe(2);
    await shopper.close();

    stage.meta.sayQuality(DATASET, { web: [PURCHASE] });
    await nextAsking(play);
    const { page, app, faults } = await play.merchant();
    await app.getByText("Meta: 6.7 of 10").waitFor();
    await page.goto(`${stage.shopify.adminUrl}/match-quality`);
    await app
      .getByRole("row", { name: /Purchase/ })
      .getByText("Meta: 6.7 of 10")
      .waitFor();
    // Meta says nothing of the others: they have our grade, or none.
    expect(await app.getByText(/^Meta: /).count()).toBe(1);

    await page.goto(`${stage.shopify.adminUrl}/match-quality/Purchase`);
    await app.getByText("What Meta says", { exact: true }).waitFor();
    const shown = await app.locator("body").innerText();
    for (const words of [
      "6.7 of 10",
      "63.5 %",
      "Meta's goal: 75 %",
      "Below the goal.",
      "4.5 %. By reaching the goal.",
      "real_time. You share events in real time.",
      "8.75 %. Additional conversions reported.",
      "2.25 %. More can be reported.",
      "98.5 %. of the browser's",
      "99.5 %. of the server's",
      "62.5 %. of all",
      "91.5 %",
      "3.25 %. Like advertisers saw 3.25% more.",
      "12.5 %",
      "17.75 %. Like advertisers saw 17.75% more.",
      "login_id",
      "Update your customer parameters",
      "Your server sends IPv4 addresses where the browser sends IPv6.",
      "Send IPv6 addresses.",
      "41.5 %, 83 of 200 events",
    ]) {
      expect(shown).toContain(words);
    }
    await fits(page, "meta-quality");
    await page.setViewportSize({ width: 1280, height: 900 });

    stage.meta.sayQuality(DATASET, {
      web: [{ ...PURCHASE, event_match_quality: { ...PURCHASE.event_match_quality, composite_score: 7.4 } }],
    });
    await nextAsking(play);
    await stage.db.qualityReading.updateMany({
      where: { reading: { contains: "6.7" } },
      data: { at: BigInt(stage.now() - 3 * 24 * HOUR) },
    });
    const later = await play.merchant();
    await later.page.goto(`${stage.shopify.adminUrl}/match-quality/Purchase`);
    await later.app.getByRole("img", { name: "Meta's score: from 6.7 to 7.4 of 10, 2 readings" }).waitFor();
    await fits(later.page, "meta-quality-trend");

    stage.meta.sayQuality(DATASET, { error: { code: 10 } });
    await nextAsking(play);
    const refused = await play.merchant();
    await refused.app.getByText(/^Meta gives no score: The access token may send events/).waitFor();
    await refused.page.goto(`${stage.shopify.adminUrl}/match-quality`);
    await refused.app.getByText("Meta does not say what it makes of these events").waitFor();
    await refused.app.getByText(/give it the dataset with 'Use events dataset' or more/).waitFor();
    // What it said before stays, and what is counted here does not hang on it.
    await refused.app
      .getByRole("row", { name: /Purchase/ })
      .getByText("Meta: 7.4 of 10")
      .waitFor();
    await refused.app.getByRole("row", { name: /Page view/ }).waitFor();
    await fits(refused.page, "meta-quality-refused");
    expect([...faults, ...later.faults, ...refused.faults]).toEqual([]);
  }, 180_000);
});
