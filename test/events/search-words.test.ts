import { describe, expect, it } from "vitest";
import { publicSearchWords } from "~/events/search-words";

describe("the words of a search", () => {
  it.each(["mug", "blue mug 350 ml", "iPhone 17 case", "größe 42", "#1001"])("leave as they are: %j", (words) => {
    expect(publicSearchWords(words)).toBe(words);
  });

  it.each([
    "jane.doe@example.com",
    "order of jane@example.com",
    "+15035550142",
    "5035550142",
    "4111111111111111",
  ])("do not leave where they may name a person: %j", (words) => {
    expect(publicSearchWords(words)).toBeNull();
  });

  it("are none where nothing was searched for", () => {
    expect(publicSearchWords(null)).toBeNull();
  });
});
