import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withTables } from "./tables";

const page = readFileSync("README.md", "utf8");

describe("README.md", () => {
  it("shows the tables of the code as they are now (npm run docs renews them)", () => {
    expect(page).toBe(withTables(page));
  });

  it("names only files that exist", () => {
    const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? "");
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});
