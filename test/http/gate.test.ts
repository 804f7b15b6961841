import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openGate, type Pass, REQUEST_BYTES, type Sender } from "~/http/gate";

const KB = 1024;
const LIMIT = 1_024 * KB;

/** How many of one kind are let in before the first is refused. */
function admitted(gate: ReturnType<typeof openGate>, sender: Sender, bytes: number): number {
  let count = 0;
  while (gate.enter(sender, bytes) !== null) count += 1;
  return count;
}

describe("the gate", () => {
  it("counts for each request what it costs beside its body, so that there are only so many of them", () => {
    expect(admitted(openGate(LIMIT), "webhook", 0)).toBe(LIMIT / REQUEST_BYTES);
    expect(admitted(openGate(LIMIT), "webhook", 48 * KB)).toBe(LIMIT / (48 * KB + REQUEST_BYTES));
  });

  it("keeps half of the house for orders, however many beacons come", () => {
    const gate = openGate(LIMIT);
    expect(admitted(gate, "beacon", 0)).toBe(LIMIT / REQUEST_BYTES / 2);
    expect(admitted(gate, "webhook", 0)).toBe(LIMIT / REQUEST_BYTES / 2);
    expect(gate.enter("beacon", 0)).toBe(null);
  });

  it("keeps three quarters of it for what bears a signature", () => {
    const gate = openGate(LIMIT);
    expect(admitted(gate, "unsigned", 0)).toBe(LIMIT / REQUEST_BYTES / 4);
    expect(admitted(gate, "webhook", 0)).toBe((LIMIT / REQUEST_BYTES / 4) * 3);
  });

  it("keeps half of it for bodies of the usual size: a few that only say that they are large do not shut it", () => {
    const gate = openGate(LIMIT);
    expect(admitted(gate, "webhook", 112 * KB)).toBe(4);
    expect(admitted(gate, "webhook", 48 * KB)).toBe(8);
  });

  it("keeps room for large orders, however many beacons there are", () => {
    const gate = openGate(LIMIT);
    admitted(gate, "beacon", 0);
    expect(admitted(gate, "webhook", 112 * KB)).toBe(4);
  });

  it("lets what one network sends hold a quarter of it until somebody vouches for it", () => {
    const gate = openGate(LIMIT);
    const passes: Pass[] = [];
    const from = (network: string | null) => {
      const pass = gate.enter("webhook", 48 * KB, network);
      if (pass !== null) passes.push(pass);
      return pass !== null;
    };
    for (let n = 0; n < 4; n += 1) expect(from("203.0.113.7")).toBe(true);
    expect(from("203.0.113.7")).toBe(false);
    expect(from("203.0.113.8")).toBe(true);
    passes[0]?.vouch();
    passes[0]?.vouch();
    expect(from("203.0.113.7")).toBe(true);
    expect(from("203.0.113.7")).toBe(false);
    passes[1]?.leave();
    passes[1]?.leave();
    expect(from("203.0.113.7")).toBe(true);
    expect(from("203.0.113.7")).toBe(false);
    for (let n = 0; n < 4; n += 1) from(null);
    expect(gate.inside("webhook")).toBe(passes.length - 1);
  });

  it("counts what grows while it is read for its network as well", () => {
    const gate = openGate(LIMIT);
    const pass = gate.enter("webhook", 0, "203.0.113.7");
    expect(pass?.holds(60 * KB)).toBe(true);
    expect(gate.enter("webhook", 48 * KB, "203.0.113.7")).not.toBeNull();
    expect(gate.enter("webhook", 48 * KB, "203.0.113.7")).not.toBeNull();
    expect(gate.enter("webhook", 48 * KB, "203.0.113.7")).toBeNull();
  });

  it("knows how many of each kind are inside", () => {
    const gate = openGate(LIMIT);
    const pass = gate.enter("webhook", 0);
    gate.enter("beacon", 0);
    expect([gate.inside("webhook"), gate.inside("beacon"), gate.inside("unsigned")]).toEqual([1, 1, 0]);
    pass?.leave();
    pass?.leave();
    expect(gate.inside("webhook")).toBe(0);
  });

  it("lets a body grow as it comes while there is room, and takes nothing for what it refuses", () => {
    let held = 0;
    const gate = openGate(LIMIT, (now) => {
      held = now;
    });
    const pass = gate.enter("webhook", 0);
    expect([8 * KB, 40 * KB, 24 * KB].map((size) => pass?.holds(size))).toEqual([true, true, true]);
    expect(held).toBe(40 * KB + REQUEST_BYTES);
    expect(pass?.holds(LIMIT)).toBe(false);
    expect(held).toBe(40 * KB + REQUEST_BYTES);
  });

  it("is given back what was taken, once, and gives nothing to who has left", () => {
    let held = 0;
    const gate = openGate(LIMIT, (now) => {
      held = now;
    });
    const pass = gate.enter("webhook", 10 * KB);
    pass?.leave();
    pass?.leave();
    expect(pass?.holds(20 * KB)).toBe(false);
    expect(held).toBe(0);
  });

  it("never holds more than its limit, and nothing once all have left, whatever comes in whatever order", () => {
    const step = fc.record({
      sender: fc.constantFrom<Sender>("webhook", "beacon", "unsigned"),
      bytes: fc.integer({ min: 0, max: 300 * KB }),
      who: fc.nat(20),
      what: fc.constantFrom("enter", "grow", "leave"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const seen: number[] = [];
        const gate = openGate(LIMIT, (held) => void seen.push(held));
        const passes: Pass[] = [];
        for (const { sender, bytes, who, what } of steps) {
          const pass = passes[who % Math.max(1, passes.length)];
          if (what === "enter") passes.push(...[gate.enter(sender, bytes)].filter((entered) => entered !== null));
          else if (what === "grow") pass?.holds(bytes);
          else pass?.leave();
        }
        for (const pass of passes) pass.leave();
        for (const held of seen) {
          expect(held).toBeGreaterThanOrEqual(0);
          expect(held).toBeLessThanOrEqual(LIMIT);
        }
        expect(seen.at(-1) ?? 0).toBe(0);
      }),
    );
  });
});
