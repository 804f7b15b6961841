import { type Message, orderInBothTopics, shopperMessages, tokenOf } from "../messages";
import type { Scenario } from "./scenario";

const HOUR_MS = 3_600_000;
const MOST_COPIES = 3;
/** How far a message may come out of its turn. */
const NEAR = 40;

/** Everything comes up to three times, out of order and at once; some of it again an hour later. */
export const repeats: Scenario = {
  name: "duplicates_and_reorder",
  says: "webhooks and beacons come up to three times, out of order, both topics of an order, and again an hour later",
  async play(house, writer, { events }) {
    const { random } = house;
    const messages: Message[] = [];
    for (let made = 0; made < events; made += 5) {
      messages.push(...shopperMessages(random), ...orderInBothTopics(random, tokenOf(random)));
    }
    const copies = messages.flatMap((message) => Array<Message>(random.between(1, MOST_COPIES)).fill(message));
    const placed = copies.map((message, index) => ({ message, place: index + random.between(0, NEAR) }));
    placed.sort((one, other) => one.place - other.place);
    house.start();
    await house.listening();
    await writer.send(
      placed.map(({ message }) => message),
      { senders: 16 },
    );
    await house.travel(HOUR_MS);
    await writer.send(random.shuffled(messages).slice(0, Math.ceil(messages.length / 4)));
  },
};
