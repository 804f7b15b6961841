import { crowd } from "../messages";
import type { Scenario } from "./scenario";

const SKEW_MS = 5 * 60_000;

/** What happened is dated up to five minutes before or after our own time; Meta refuses what lies ahead. */
export const clockSkew: Scenario = {
  name: "clock_skew_5min",
  says: "the senders' clocks are up to 5 minutes off, either way",
  async play(house, writer, { events }) {
    house.start();
    await house.listening();
    await writer.send(crowd(house.random, events, { mostSkewMs: SKEW_MS }));
  },
};
