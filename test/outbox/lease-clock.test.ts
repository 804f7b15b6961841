import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openLeaseClock } from "~/outbox/lease-clock";
import { DAY } from "../support/clock";

const MINUTE_MS = 60_000;

describe("the clock that leases are counted in", () => {
  it("says the same on a machine that is ahead as on one that is behind", async () => {
    const there = async () => DAY;
    const ahead = await openLeaseClock(there, () => DAY + 5 * MINUTE_MS);
    const behind = await openLeaseClock(there, () => DAY - 5 * MINUTE_MS);
    expect(Math.abs(ahead.now() - behind.now())).toBeLessThan(1_000);
    expect(Math.abs(ahead.now() - DAY)).toBeLessThan(1_000);
  });

  it("runs on between two comparisons", async () => {
    let own = DAY + MINUTE_MS;
    const clock = await openLeaseClock(
      async () => DAY,
      () => own,
    );
    const before = clock.now();
    own += 700;
    expect(clock.now() - before).toBe(700);
  });

  it("is put right by the next comparison when somebody has set this machine's clock", async () => {
    let own = DAY;
    const clock = await openLeaseClock(
      async () => DAY,
      () => own,
    );
    own += 5 * MINUTE_MS;
    await clock.compare();
    expect(Math.abs(clock.now() - DAY)).toBeLessThan(1_000);
  });

  it("keeps what it knows when the database takes long to answer", async () => {
    let there = async () => DAY;
    const clock = await openLeaseClock(
      () => there(),
      () => DAY,
    );
    there = () => sleep(1_100, DAY + 5 * MINUTE_MS);
    await clock.compare();
    expect(Math.abs(clock.now() - DAY)).toBeLessThan(1_000);
  });

  it("is one's own where nobody else works on the database", async () => {
    const clock = await openLeaseClock(null, () => DAY);
    await clock.compare();
    expect(clock.now()).toBe(DAY);
  });
});
