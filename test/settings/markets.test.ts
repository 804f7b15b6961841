import { describe, expect, it } from "vitest";
import { DEFAULT_POLICY, filterOf } from "~/settings/dataset-policy";
import { askMarkets } from "~/settings/markets.server";
import { openLooking } from "../lookup/support";

describe("a shop's markets", () => {
  it("are told with the countries they are made of", async () => {
    const { graphql } = await openLooking();
    expect(await askMarkets(graphql)).toEqual([
      { handle: "us", name: "United States", countries: ["US"] },
      { handle: "europe", name: "Europe", countries: ["DE", "FR", "IT", "NL"] },
    ]);
  });
});

describe("the filter of a dataset that wants some markets", () => {
  const filter = { ...DEFAULT_POLICY.filter, countries: ["CH"] };

  it("lets their countries through beside those that are named", () => {
    const markets = [{ handle: "europe", name: "Europe", countries: ["DE", "FR"] }];
    expect(filterOf({ filter: { ...filter, markets } }).countries).toEqual(["CH", "DE", "FR"]);
  });

  it("lets nothing through for a market without countries, rather than everything", () => {
    const markets = [{ handle: "wholesale", name: "Wholesale", countries: [] }];
    expect(filterOf({ filter: { ...DEFAULT_POLICY.filter, markets } }).countries).not.toEqual([]);
  });
});
