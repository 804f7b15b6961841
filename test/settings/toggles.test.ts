import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATALOG, LEGS } from "~/events/catalog";
import { EVENT_NAMES } from "~/events/names";
import { isLegOn, switched, type ToggleChanges, type Toggles, toggleChanges, togglesSchema } from "~/settings/toggles";

const legs = fc.record({ browser: fc.boolean(), server: fc.boolean() });
const toggles: fc.Arbitrary<Toggles> = fc.dictionary(fc.constantFrom(...EVENT_NAMES), legs);
const changes: fc.Arbitrary<ToggleChanges> = fc.dictionary(
  fc.constantFrom(...EVENT_NAMES),
  fc.record({ browser: fc.boolean(), server: fc.boolean() }, { requiredKeys: [] }),
);

describe("whether a leg is on", () => {
  it("says the first that names the event, and the catalog where none does", () => {
    const on = { Purchase: { browser: true, server: true } };
    const off = { Purchase: { browser: false, server: false } };
    expect(isLegOn([on, off], "Purchase", "server")).toBe(true);
    expect(isLegOn([off, on], "Purchase", "server")).toBe(false);
    expect(isLegOn([{ PageView: { browser: false, server: false } }], "Purchase", "server")).toBe(true);
    for (const name of EVENT_NAMES) {
      for (const leg of LEGS) expect(isLegOn([{}, {}], name, leg)).toBe(CATALOG[name].defaults[leg]);
    }
  });
});

describe("a switch", () => {
  it("moves the legs it names and leaves all others where they were", () => {
    fc.assert(
      fc.property(toggles, changes, (before, changed) => {
        const after = switched(before, changed, (event, leg) => isLegOn([before], event, leg));
        for (const name of EVENT_NAMES) {
          for (const leg of LEGS) {
            expect(isLegOn([after], name, leg)).toBe(changed[name]?.[leg] ?? isLegOn([before], name, leg));
          }
        }
        expect(togglesSchema.parse(after)).toEqual(after);
      }),
    );
  });

  it("keeps both legs of an event that was touched: a later default does not move them", () => {
    expect(switched({}, { Refund: { server: true } }, () => false)).toEqual({
      Refund: { browser: false, server: true },
    });
    expect(switched({}, { Refund: {} }, () => true)).toEqual({});
  });
});

it.each([
  { Sale: { browser: true } },
  { Purchase: { email: true } },
  { Purchase: { browser: "on" } },
  [],
  null,
])("changes of what nobody knows are refused: %j", (given) => {
  expect(toggleChanges.safeParse(given).success).toBe(false);
});
