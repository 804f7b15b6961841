import { describe, expect, it } from "vitest";
import { DAY } from "../support/clock";
import { openOutbox } from "./support/outbox";

const MINUTE = 60_000;

async function queued(channels: readonly string[]) {
  const outbox = await openOutbox();
  const { store, shopId } = outbox;
  for (const [n, channel] of channels.entries()) {
    await store.turnAlerts(shopId, DAY + n, () => ({ alerts: [], messages: [{ channel, body: `${n}` }] }));
  }
  return outbox;
}

describe("messages that are due", () => {
  it("leave one by one on each channel, the longest due first, no more at once than asked for", async () => {
    const { store } = await queued(["b", "a", "a", "c"]);
    const claim = async (limit: number) =>
      (await store.claimAlertMessages(DAY + MINUTE, DAY + 5 * MINUTE, limit)).map(({ body }) => body);
    expect((await claim(2)).sort()).toEqual(["0", "1"]);
    expect(await claim(2)).toEqual(["3"]);
    expect(await claim(2)).toEqual([]);
  });

  it("are not settled by whoever took too long over them", async () => {
    const { store, shopId } = await queued(["a"]);
    const [first] = await store.claimAlertMessages(DAY, DAY + MINUTE, 1);
    const [second] = await store.claimAlertMessages(DAY + MINUTE, DAY + 5 * MINUTE, 1);
    expect([first?.tries, second?.tries]).toEqual([1, 2]);
    const end = { id: Number(first?.id), shopId, channel: "a", sentAt: null, runAt: null, fault: null };
    await store.settleAlertMessage({ ...end, tries: 1 });
    expect(await store.claimAlertMessages(DAY + 5 * MINUTE, DAY + 9 * MINUTE, 1)).toMatchObject([{ tries: 3 }]);
    await store.settleAlertMessage({ ...end, tries: 3, sentAt: DAY + 6 * MINUTE });
    expect(await store.claimAlertMessages(DAY + 60 * MINUTE, DAY + 61 * MINUTE, 1)).toEqual([]);
  });
});
