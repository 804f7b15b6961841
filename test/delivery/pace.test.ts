import { expect, it } from "vitest";
import { openPace } from "~/delivery/pace";

const DATASET = 1;
const NOW = Date.UTC(2026, 10, 20, 10);

/** Without spread. */
const pace = () => openPace(1_000, () => 0.5);

it("risks a full request as long as every answer came", () => {
  const { most, answered } = pace();
  expect(most(DATASET, NOW)).toBe(1_000);
  answered(DATASET);
  expect(most(DATASET, NOW)).toBe(1_000);
});

it("after silence risks nothing for half a second, then one event, then eight times as many with each answer", () => {
  const { most, answered, unanswered } = pace();
  unanswered(DATASET, NOW);
  expect([most(DATASET, NOW), most(DATASET, NOW + 499), most(DATASET, NOW + 500)]).toEqual([0, 0, 1]);
  const grown = Array.from({ length: 4 }, () => {
    answered(DATASET);
    return most(DATASET, NOW + 500);
  });
  expect(grown).toEqual([8, 64, 512, 1_000]);
});

it("waits twice as long after each silence that follows another, five seconds at the most", () => {
  const { most, unanswered } = pace();
  const pauses = Array.from({ length: 6 }, () => {
    unanswered(DATASET, NOW);
    return [500, 1_000, 2_000, 4_000, 5_000].find(
      (ms) => most(DATASET, NOW + ms) > 0 && most(DATASET, NOW + ms - 1) === 0,
    );
  });
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});

it("begins anew with one event when silence falls while it grows", () => {
  const { most, answered, unanswered } = pace();
  unanswered(DATASET, NOW);
  answered(DATASET);
  answered(DATASET);
  unanswered(DATASET, NOW);
  expect([most(DATASET, NOW + 499), most(DATASET, NOW + 500)]).toEqual([0, 1]);
});

it("is careful with each dataset by itself", () => {
  const { most, unanswered } = pace();
  unanswered(DATASET, NOW);
  expect(most(2, NOW)).toBe(1_000);
});

it("spreads those that met the same silence over two fifths of the pause", () => {
  const early = openPace(1_000, () => 0);
  const late = openPace(1_000, () => 1);
  for (const { unanswered } of [early, late]) unanswered(DATASET, NOW);
  expect([early.most(DATASET, NOW + 399), early.most(DATASET, NOW + 400)]).toEqual([0, 1]);
  expect([late.most(DATASET, NOW + 599), late.most(DATASET, NOW + 600)]).toEqual([0, 1]);
});
