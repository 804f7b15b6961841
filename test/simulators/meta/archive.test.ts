import { expect, it } from "vitest";
import { Archive } from "./archive";
import type { ReceivedCopy } from "./server";

const copy = (at: number): ReceivedCopy => {
  const same = { leg: "server", dataset: "1", event_name: "A", event_id: null, body: {}, test: false } as const;
  return { ...same, at, warnings: [] };
};

it("keeps 200,000 copies and beyond that forgets the oldest thousand", () => {
  const archive = new Archive();
  archive.take(Array.from({ length: 200_000 }, (_, index) => copy(index)));
  expect(archive.received).toHaveLength(200_000);
  archive.take([copy(200_000)]);
  expect(archive.received).toHaveLength(199_001);
  expect([archive.received[0]?.at, archive.received.at(-1)?.at]).toEqual([1000, 200_000]);
});
