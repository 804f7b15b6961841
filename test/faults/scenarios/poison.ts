import { type Message, orderMessage, tokenOf, unreadableMessage } from "../messages";
import type { Scenario } from "./scenario";

const ONE_IN = 500;
/** In a small run, so that there is more than one in a request. */
const LEAST_POISON = 2;
const MINUTE_MS = 60_000;
const SENDERS = 16;

/**
 * One in 500 that Meta refuses, with everything in its request, and one in 500 that we cannot read. What Meta refuses we do
 * not let in: those rows are spoilt behind the app's back, while all of them wait for the time they are dated at.
 */
export const poison: Scenario = {
  name: "poison_1_in_500",
  says: "1 order in 500 for which Meta refuses the whole request, and 1 in 500 that cannot be read",
  async play(house, writer, { events }) {
    const { random, store } = house;
    const each = Math.max(LEAST_POISON, Math.round(events / ONE_IN));
    const unreadable = Array.from({ length: each }, () => unreadableMessage(random));
    const readable = Array.from({ length: events }, (_, n): Message => {
      const message = orderMessage(random, tokenOf(random));
      const { announces } = message;
      const ends = n < each ? "rejected" : "accepted";
      return { ...message, announces: announces && { ...announces, ends }, skewMs: 2 * MINUTE_MS };
    });
    house.start();
    await house.listening();
    await writer.send(random.shuffled([...readable, ...unreadable]), { senders: SENDERS });
    await store.spoil(readable.slice(0, each).map(({ announces }) => announces?.eventId ?? ""));
    await house.travel(3 * MINUTE_MS);
  },
};
