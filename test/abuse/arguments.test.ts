import { describe, expect, it } from "vitest";
import { argumentsOf } from "./arguments";

describe("the arguments of npm run abuse", () => {
  it("have defaults", () => {
    expect(argumentsOf([])).toEqual({ seed: 1, requests: 2_000, store: "sqlite", json: false });
  });

  it("are read", () => {
    expect(argumentsOf(["--json", "--store", "postgres", "--seed", "7", "--requests", "5000"])).toEqual({
      seed: 7,
      requests: 5_000,
      store: "postgres",
      json: true,
    });
  });

  it.each([
    [["--requests", "1999"], "--requests must be a whole number from 2000 to 200000"],
    [["--requests", "many"], "--requests must be a whole number from 2000 to 200000"],
    [["--seed", "-1"], /--seed/],
    [["--store", "mysql"], "--store must be sqlite or postgres"],
    [["--kills", "1"], /--kills/],
  ])("%j make no sense", (args, message) => {
    expect(() => argumentsOf(args)).toThrow(message);
  });
});
