import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passes } from "~/events/page-filter";
import { publicPageUrl } from "~/events/page-url";

const ALL = { hosts: [], paths: [], countries: [] };
const PAGE = "https://www.example.com/de/products/tee";

describe("a filter", () => {
  it("that names nothing lets everything pass, known or not", () => {
    fc.assert(
      fc.property(fc.option(fc.string()), fc.option(fc.string(), { nil: undefined }), (url, country) => {
        expect(passes(ALL, url, country)).toBe(true);
      }),
    );
  });

  it.each([
    { filter: { hosts: ["www.example.com"] }, url: PAGE, is: true },
    { filter: { hosts: ["example.com"] }, url: PAGE, is: false },
    { filter: { hosts: ["localhost"] }, url: "http://localhost:3000/", is: true },
    { filter: { paths: ["/de/"] }, url: PAGE, is: true },
    { filter: { paths: ["/"] }, url: "https://www.example.com", is: true },
    { filter: { paths: ["/de/"] }, url: "https://www.example.com/de", is: false },
    { filter: { paths: ["/fr/", "/de/products"] }, url: PAGE, is: true },
    { filter: { paths: ["/www.example.com"] }, url: PAGE, is: false },
    { filter: { hosts: ["www.example.com"], paths: ["/fr/"] }, url: PAGE, is: false },
    { filter: { hosts: ["www.example.com"] }, url: null, is: false },
    { filter: { paths: ["/"] }, url: null, is: false },
    { filter: { countries: ["DE"] }, url: PAGE, is: true },
  ])("$filter lets a page pass or not: $url", ({ filter, url, is }) => {
    expect(passes({ ...ALL, ...filter }, publicPageUrl(url))).toBe(is);
  });

  it("asks from the checkout on for the country alone", () => {
    const filter = { hosts: ["elsewhere.example"], paths: ["/fr/"], countries: ["DE", "AT"] };
    expect([passes(filter, PAGE, "AT"), passes(filter, PAGE, "FR"), passes(filter, PAGE, null)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(passes({ ...filter, countries: [] }, PAGE, null)).toBe(true);
  });
});
