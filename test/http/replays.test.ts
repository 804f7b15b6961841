import { expect, it } from "vitest";
import { openReplays } from "~/http/replays";

it("forgets what was stored longest ago when there are too many", () => {
  const replays = openReplays(2);
  for (const name of ["a", "b", "c"]) replays.add(name);
  expect(["a", "b", "c"].map((name) => replays.has(name))).toEqual([false, true, true]);
});
