import { expect, inject, it } from "vitest";
import { openStoreMaker } from "../faults/store";
import { KINDS } from "./kinds/all";
import { abuse } from "./run";

/** The whole suite is `npm run abuse`; this is as much of it as every run of the tests can afford. */
const EVERY = 3;

it("neither falls, leaks nor takes anything hostile for honest, and keeps nothing of it", async () => {
  const stores = await openStoreMaker(inject("store"));
  const words: string[] = [];
  try {
    const kinds = KINDS.map(({ cases, ...kind }) => ({
      ...kind,
      cases: (aim: Parameters<typeof cases>[0]) => cases(aim).filter((_, n) => n % EVERY === 0),
    }));
    const report = await abuse(await stores.fresh(), {
      kinds,
      seed: 20_261_123,
      requests: 1_000,
      patient: false,
      tell: (line) => words.push(line),
    });
    const { requests, crashes, leaks, accepted_wrongly, memory } = report;
    expect({ crashes, leaks, accepted_wrongly }, words.join("\n")).toEqual({
      crashes: 0,
      leaks: 0,
      accepted_wrongly: 0,
    });
    expect(memory.flat, words.join("\n")).toBe(true);
    expect(requests).toBeGreaterThan(1_000);
    for (const { name } of KINDS) expect(report.kinds[name]?.requests, name).toBeGreaterThan(0);
  } finally {
    stores.close();
  }
}, 180_000);
