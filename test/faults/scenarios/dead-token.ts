import { setTimeout as sleep } from "node:timers/promises";
import { DATASET } from "../house";
import { crowd } from "../messages";
import type { Scenario } from "./scenario";

const NEW_TOKEN = "EAAfaultssecond";
const DAY_MS = 24 * 3_600_000;
const PATIENCE_MS = 10_000;

/** 190 holds the dataset; a day later somebody pastes a new token. */
export const deadToken: Scenario = {
  name: "dead_token",
  says: "the token dies (190) and is replaced a day later by tandem shop connect: refused before taking",
  async play(house, writer, { events }) {
    const { random, meta, store } = house;
    const portion = Math.ceil(events / 3);
    house.start();
    await house.listening();
    await writer.send(crowd(random, portion));
    meta.setToken(DATASET, null);
    await writer.send(crowd(random, portion));
    for (let waited = 0; waited < PATIENCE_MS && (await store.heldReason()) === null; waited += 100) await sleep(100);
    if ((await store.heldReason()) === null) house.complaints.push("a dead token did not hold the dataset");
    await house.travel(DAY_MS);
    await writer.send(crowd(random, portion));
    meta.setToken(DATASET, NEW_TOKEN);
    await house.connect(NEW_TOKEN);
  },
};
