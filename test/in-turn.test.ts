import { describe, expect, it } from "vitest";
import { turns } from "~/in-turn";

/** Work that ends when it is told to. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe("work in turn", () => {
  it("of one name runs one after the other, in the order asked for, however long each takes", async () => {
    const inTurn = turns();
    const said: string[] = [];
    const gates = [gate(), gate(), gate()];
    const all = gates.map(({ opened }, n) =>
      inTurn("shop", async () => {
        said.push(`${n} begins`);
        await opened;
        said.push(`${n} ends`);
      }),
    );
    for (const { open } of gates.reverse()) open();
    await Promise.all(all);
    expect(said).toEqual(["0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends"]);
  });

  it("of different names runs side by side", async () => {
    const inTurn = turns();
    const held = gate();
    const waiting = inTurn("one", () => held.opened.then(() => "late"));
    expect(await inTurn("other", async () => "at once")).toBe("at once");
    held.open();
    expect(await waiting).toBe("late");
  });

  it("is not one with work of another queue", async () => {
    const held = gate();
    const waiting = turns()("one", () => held.opened);
    expect(await turns()("one", async () => "at once")).toBe("at once");
    held.open();
    await waiting;
  });

  it("gives each its own answer, and its own failure, and goes on", async () => {
    const inTurn = turns();
    const answers = await Promise.allSettled([
      inTurn("shop", async () => 1),
      inTurn("shop", () => Promise.reject(new Error("of the second"))),
      inTurn("shop", () => {
        throw new Error("of the third, before it was a promise");
      }),
      inTurn("shop", async () => 4),
    ]);
    expect(answers).toEqual([
      { status: "fulfilled", value: 1 },
      { status: "rejected", reason: new Error("of the second") },
      { status: "rejected", reason: new Error("of the third, before it was a promise") },
      { status: "fulfilled", value: 4 },
    ]);
  });

  it("that fails leaves nothing behind that rejects where nobody listens", async () => {
    const unheard: unknown[] = [];
    const listen = (reason: unknown) => void unheard.push(reason);
    process.on("unhandledRejection", listen);
    try {
      const inTurn = turns();
      await expect(inTurn("shop", () => Promise.reject(new Error("heard")))).rejects.toThrow("heard");
      // Node looks for them when a turn of the event loop is over.
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      expect(unheard).toEqual([]);
    } finally {
      process.off("unhandledRejection", listen);
    }
  });

  it("begins anew where an earlier round of the same name has ended", async () => {
    const inTurn = turns();
    expect(await inTurn("shop", async () => "first")).toBe("first");
    await expect(inTurn("shop", () => Promise.reject(new Error("second")))).rejects.toThrow("second");
    expect(await inTurn("shop", async () => "third")).toBe("third");
  });

  it("asked for after the first has ended still waits for the second", async () => {
    const inTurn = turns();
    const said: string[] = [];
    const held = gate();
    const first = inTurn("shop", async () => void said.push("first"));
    const second = inTurn("shop", async () => {
      await held.opened;
      said.push("second");
    });
    await first;
    // Whatever is tidied up behind the first has its turn.
    await new Promise((resolve) => setImmediate(resolve));
    const third = inTurn("shop", async () => void said.push("third"));
    await new Promise((resolve) => setImmediate(resolve));
    held.open();
    await Promise.all([second, third]);
    expect(said).toEqual(["first", "second", "third"]);
  });

  it("asked for while other work of the name runs comes after all that was asked for before", async () => {
    const inTurn = turns();
    const said: number[] = [];
    let last: Promise<unknown> = Promise.resolve();
    const first = inTurn("shop", async () => {
      last = inTurn("shop", async () => void said.push(3));
      said.push(1);
    });
    const second = inTurn("shop", async () => void said.push(2));
    await Promise.all([first, second]);
    await last;
    expect(said).toEqual([1, 2, 3]);
  });
});
