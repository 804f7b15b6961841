import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { openSlots } from "~/pipeline/slots";

it("gives way to so many at once, and to the next when one is given back", async () => {
  const { take } = openSlots(2);
  const [first] = await Promise.all([take(), take()]);
  let third = false;
  const waiting = take().then(() => {
    third = true;
  });
  await turn();
  expect(third).toBe(false);
  first();
  await waiting;
  expect(third).toBe(true);
});

it("serves who came first: one that asks again and again is not served before one that asks once", async () => {
  const { take } = openSlots(1);
  const served: string[] = [];
  const held = await take();
  const ask = async (name: string) => {
    const giveBack = await take();
    served.push(name);
    giveBack();
  };
  const asked = ["greedy", "greedy", "modest", "greedy"].map(ask);
  held();
  await Promise.all(asked);
  expect(served).toEqual(["greedy", "greedy", "modest", "greedy"]);
});

it("takes a slot back once, however often it is given", async () => {
  const { take } = openSlots(1);
  const giveBack = await take();
  giveBack();
  giveBack();
  await take();
  let second = false;
  void take().then(() => {
    second = true;
  });
  await turn();
  expect(second).toBe(false);
});
