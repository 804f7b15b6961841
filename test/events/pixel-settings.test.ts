import { readFileSync } from "node:fs";
import fc from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PIXEL_EVENT_NAMES } from "~/events/names";
import { fromPixelRecord, type PixelDataset, type PixelSettings, toPixelRecord } from "~/events/pixel-settings";

const texts = fc.array(fc.string(), { maxLength: 3 });

const dataset: fc.Arbitrary<PixelDataset> = fc.record({
  dataset: fc.stringMatching(/^\d{1,20}$/),
  events: fc.subarray(PIXEL_EVENT_NAMES),
  ids: fc.string(),
  value: fc.constantFrom("total", "subtotal", null),
  restricted: fc.boolean(),
  hosts: texts,
  paths: texts,
  countries: texts,
});

const settings: fc.Arbitrary<PixelSettings> = fc.record({
  collectUrl: fc.webUrl(),
  trUrl: fc.webUrl(),
  beaconKey: fc.string({ minLength: 1 }),
  datasets: fc.array(dataset, { maxLength: 5 }),
});

const EXAMPLE: PixelSettings = {
  collectUrl: "https://app.example.com/collect",
  trUrl: "https://www.facebook.com/tr",
  beaconKey: "a-beacon-key",
  datasets: ["1234567890", "2234567890"].map((dataset) => ({
    dataset,
    events: ["PageView", "Purchase"],
    ids: "$v",
    value: "total",
    restricted: false,
    hosts: [],
    paths: [],
    countries: ["DE"],
  })),
};

/** What the extension declares to Shopify, where it concerns us. */
const extension = z
  .object({
    customer_privacy: z.record(z.string(), z.unknown()),
    settings: z.object({
      fields: z.record(
        z.string(),
        z.object({
          type: z.string(),
          validations: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
        }),
      ),
    }),
  })
  .parse(parse(readFileSync("extensions/meta-pixel/shopify.extension.toml", "utf8")));

describe("what the pixel is told", () => {
  it("arrives as it was sent, whatever it is", () => {
    fc.assert(
      fc.property(settings, (sent) => {
        expect(fromPixelRecord(toPixelRecord(sent))).toEqual(sent);
      }),
    );
  });

  it("arrives also after Shopify kept it as JSON, in any order of fields", () => {
    const kept = JSON.stringify(Object.fromEntries(Object.entries(toPixelRecord(EXAMPLE)).reverse()));
    expect(fromPixelRecord(JSON.parse(kept))).toEqual(EXAMPLE);
  });

  it("travels as texts only: Shopify's fields know nothing else", () => {
    fc.assert(
      fc.property(settings, (sent) => {
        for (const value of Object.values(toPixelRecord(sent))) expect(value).toBeTypeOf("string");
      }),
    );
  });

  it("leaves out a dataset without a number, and keeps the others", () => {
    const others = [null, 5, "123", [], {}, { dataset: 123.5 }, { dataset: "12a" }, { dataset: "" }];
    const datasets = JSON.stringify([...others, ...EXAMPLE.datasets]);
    expect(fromPixelRecord({ ...toPixelRecord(EXAMPLE), datasets })).toEqual(EXAMPLE);
  });
});

describe("a record that is none of ours", () => {
  const VALUES: [string, unknown][] = [
    ["nothing", undefined],
    ["null", null],
    ["a number", 7],
    ["an object", {}],
  ];
  const NO_JSON: [string, unknown][] = [
    ["an empty text", ""],
    ["half a JSON", '["123'],
    ["a JSON number", "7"],
    ["JSON's null", "null"],
    ["a JSON text", '"text"'],
  ];

  it.each([...VALUES, ...NO_JSON])("with %s as its datasets gives null", (_what, datasets) => {
    expect(fromPixelRecord({ ...toPixelRecord(EXAMPLE), datasets })).toBeNull();
  });

  it("with an object for a list of datasets gives null", () => {
    expect(fromPixelRecord({ ...toPixelRecord(EXAMPLE), datasets: '{"0":"1234567890"}' })).toBeNull();
  });

  it("never makes the pixel throw, and never gives it settings of another shape", () => {
    const text = fc.oneof(fc.json(), fc.string());
    const fields = Object.fromEntries(
      Object.keys(toPixelRecord(EXAMPLE)).map((field) => [field, fc.oneof(text, text, fc.anything())]),
    );
    fc.assert(
      fc.property(
        fc.oneof(fc.record(fields, { requiredKeys: [] }), fc.dictionary(fc.string(), fc.anything())),
        (record) => {
          const read = fromPixelRecord(record);
          if (read === null) return;
          for (const { dataset } of read.datasets) expect(String(dataset)).toMatch(/^\d+$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("the pixel's extension", () => {
  const { fields } = extension.settings;

  it("declares to Shopify just the fields the app writes", () => {
    expect(Object.keys(fields).sort()).toEqual(Object.keys(toPixelRecord(EXAMPLE)).sort());
  });

  it("takes each of them as text, also where nothing is connected", () => {
    const record: Record<string, string> = toPixelRecord({ ...EXAMPLE, datasets: [] });
    for (const [field, { type, validations = [] }] of Object.entries(fields)) {
      expect(type).toBe("single_line_text_field");
      const shortest = Math.max(
        0,
        ...validations.filter(({ name }) => name === "min").map(({ value }) => Number(value)),
      );
      expect(record[field]?.length).toBeGreaterThanOrEqual(shortest);
    }
  });

  it("is loaded with marketing consent only, and told of a sale opt-out instead of silenced", () => {
    expect(extension.customer_privacy).toEqual({
      marketing: true,
      analytics: false,
      preferences: false,
      sale_of_data: "ldu",
    });
  });
});
