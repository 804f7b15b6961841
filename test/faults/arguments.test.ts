import { expect, it } from "vitest";
import { argumentsOf, BadArgument } from "./arguments";
import { openStoreMaker, StoreMissing } from "./store";

it.each([
  ["--kills", "-1"],
  ["--kills", "x"],
  ["--seed", "1.5"],
  ["--store", "mysql"],
  ["--only", "rain"],
  ["--what"],
])("refuses %s %s", (...args) => {
  expect(() => argumentsOf(args)).toThrow(BadArgument);
});

it("says why a scenario is not played on a store", () => {
  expect(argumentsOf(["--store", "postgres", "--only", "two_workers"]).only).toEqual(["two_workers"]);
  expect(() => argumentsOf(["--only", "two_workers"])).toThrow("a SQLite file takes one server");
});

it("says that PostgreSQL is missing", async () => {
  await expect(openStoreMaker("postgres", () => false)).rejects.toThrow(StoreMissing);
});
