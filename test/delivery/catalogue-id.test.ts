import fc from "fast-check";
import { expect, it } from "vitest";
import { idInCatalogue } from "~/delivery/catalogue-id";
import { contentIdOf } from "~/events/content-id";
import { CONTENT_ID_FORMAT_NAMES, CONTENT_ID_FORMATS } from "~/events/content-id-formats";

it("names goods as the browser does, in every format", () => {
  const name = fc.oneof(
    fc.constantFrom(null, "", "48001", "TEE-BLK-M", "a\0b", "\0", "$v", "$&"),
    fc.string({ unit: "binary" }),
  );
  const line = fc.record({ product: name, variant: name, sku: name });
  fc.assert(
    fc.property(
      fc.constantFrom(...CONTENT_ID_FORMAT_NAMES),
      fc.constantFrom(null, "US"),
      line,
      (format, country, line) => {
        const template = CONTENT_ID_FORMATS[format].template(country);
        expect(idInCatalogue(template, line)).toBe(contentIdOf(template, line));
      },
    ),
    { seed: 20261120, numRuns: 2_000 },
  );
});
