import { afterEach, beforeEach, expect, vi } from "vitest";

/** Noise fails: a warning nobody expected is a fault nobody has found yet. */
const heard: string[] = [];

beforeEach(() => {
  heard.length = 0;
  for (const method of ["error", "warn"] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => {
      heard.push(words.map(String).join(" "));
    });
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(heard, "nothing was printed to console.error or console.warn").toEqual([]);
});
