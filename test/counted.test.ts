import { expect, it } from "vitest";
import { counted } from "~/counted";

it("a number of things is said with its plural and its commas", () => {
  expect([counted(1, "event"), counted(2, "event"), counted(5_000, "event")]).toEqual([
    "1 event",
    "2 events",
    "5,000 events",
  ]);
});
