import { describe, expect, it } from "vitest";
import { openTurns } from "~/http/turns.server";

/** What is done, with "|" wherever the process looked at its connections; each piece of work takes so many milliseconds. */
async function done(pieces: readonly string[], { ms, hurry }: { ms: number; hurry: boolean }): Promise<string> {
  let now = 0;
  let story = "";
  const turns = openTurns(
    () => hurry,
    () => now,
  );
  let underWay = true;
  const look = () => {
    story += "|";
    if (underWay) setImmediate(look);
  };
  setImmediate(look);
  await Promise.all(
    pieces.map((piece) =>
      turns(async () => {
        story += piece;
        now += ms;
      }),
    ),
  );
  underWay = false;
  return story;
}

describe("turns", () => {
  it("do in order what takes a millisecond, then hear whoever else waits", async () => {
    expect(await done(["a", "b", "c", "d", "e"], { ms: 0.4, hurry: false })).toBe("|abc|de");
  });

  it("do one piece however long it takes", async () => {
    expect(await done(["a", "b"], { ms: 30, hurry: false })).toBe("|a|b");
  });

  it("do one piece at a time while an order is under way", async () => {
    expect(await done(["a", "b", "c"], { ms: 0.1, hurry: true })).toBe("|a|b|c");
  });

  it("tell of what the work told, and of its failure", async () => {
    const turns = openTurns(() => false);
    expect(await turns(async () => "told")).toBe("told");
    await expect(turns(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  });

  it("go on with what comes while they are under way", async () => {
    const turns = openTurns(() => false);
    const later: Promise<string>[] = [];
    await turns(async () => void later.push(turns(async () => "later")));
    expect(await Promise.all(later)).toEqual(["later"]);
  });
});
