import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  amount,
  checkoutToken,
  currency,
  helpfulFlag,
  helpfulId,
  helpfulLongText,
  helpfulMoneySet,
  helpfulText,
  helpfulWord,
  id,
  instant,
  moneySet,
  optionalAmount,
  optionalCheckoutToken,
  optionalCurrency,
  optionalId,
  optionalInstant,
  optionalPart,
} from "~/sources/fields";

const NONSENSE = [true, {}, [], ["5"], Number.NaN, Number.POSITIVE_INFINITY];

describe("what an event cannot do without is refused when it makes no sense", () => {
  it.each([
    [5550001, "5550001"],
    ["5550001", "5550001"],
    ["820982911946154508", "820982911946154508"],
    ["gid://shopify/Order/5550001", "5550001"],
    ["gid://shopify/OrderIdentity/5550001", "5550001"],
    ["gid://shopify/Order/5550001?key=1", "5550001"],
    [btoa("gid://shopify/Order/5550001"), "5550001"],
  ])("an id in any of Shopify's forms becomes its digits: %s", (value, digits) => {
    expect(id.parse(value)).toBe(digits);
  });

  it.each([
    ...NONSENSE,
    "",
    "-1",
    "12a",
    "order 5",
    null,
    undefined,
    1.5,
    -7,
    "9".repeat(25),
    0,
    "0",
    "000",
    "gid://shopify/Customer/0",
  ])("is no id: %j", (value) => {
    expect(id.safeParse(value).success).toBe(false);
  });

  it("an optional id may be missing, empty or null, but not nonsense", () => {
    for (const value of [undefined, null, ""]) expect(optionalId.parse(value)).toBeUndefined();
    expect(optionalId.safeParse("nonsense").success).toBe(false);
  });

  it.each([
    ["amount", optionalAmount, ["64.50", "64.50"], ["free", " ", "-1", true, []]],
    ["currency", optionalCurrency, ["eur", "EUR"], ["dollars", " ", 5, {}]],
    [
      "time",
      optionalInstant,
      ["2026-11-20T10:00:00Z", Date.UTC(2026, 10, 20, 10)],
      ["yesterday", " ", 0, false, 1763632800],
    ],
  ])("an optional %s may be missing, empty or null, but not nonsense", (_kind, field, [good, read], nonsense) => {
    for (const value of [undefined, null, ""]) expect(field.parse(value)).toBeUndefined();
    expect(field.parse(good)).toBe(read);
    for (const value of nonsense) expect([value, field.safeParse(value).success]).toEqual([value, false]);
  });

  it("an optional part may be missing, empty or null, but must be what it is", () => {
    const part = optionalPart(z.array(amount));
    for (const value of [undefined, null, ""]) expect(part.parse(value)).toBeNull();
    expect(part.parse(["1.00"])).toEqual(["1.00"]);
    for (const value of ["none", " ", 0, false, {}])
      expect([value, part.safeParse(value).success]).toEqual([value, false]);
    expect(part.safeParse(["1.00", "free"]).error?.issues[0]?.path).toEqual([1]);
  });

  it.each([
    ["64.50", "64.50"],
    ["0", "0"],
    ["0.00", "0.00"],
    [" 12.5 ", "12.5"],
    [64.5, "64.5"],
    [0, "0"],
    ["123456789012345.123456", "123456789012345.123456"],
  ])("an amount stays the exact decimal it was: %j", (value, text) => {
    expect(amount.parse(value)).toBe(text);
  });

  it.each([
    ...NONSENSE,
    "-1.00",
    -1,
    "",
    "1,50",
    "1e3",
    "$5",
    "1234567890123456",
    1e-7,
    1e21,
    null,
    undefined,
    "12.",
  ])("is no amount: %j", (value) => {
    expect(amount.safeParse(value).success).toBe(false);
  });

  it.each([
    ["USD", "USD"],
    ["eur", "EUR"],
    [" jpy ", "JPY"],
  ])("a currency is written in capitals: %j", (value, code) => {
    expect(currency.parse(value)).toBe(code);
  });

  it.each([...NONSENSE, "", "US", "USDT", "ABC", "XXX", "XTS", "€", null, undefined])("is no currency: %j", (value) => {
    expect(currency.safeParse(value).success).toBe(false);
  });

  it.each([
    ["2026-11-20T10:00:00Z", Date.UTC(2026, 10, 20, 10)],
    ["2026-11-20T10:00:00+02:00", Date.UTC(2026, 10, 20, 8)],
    ["2026-11-20T10:00:00-0500", Date.UTC(2026, 10, 20, 15)],
    ["2026-11-20T10:00:00.250Z", Date.UTC(2026, 10, 20, 10) + 250],
  ])("a time has an offset: %s", (value, at) => {
    expect(instant.parse(value)).toBe(at);
  });

  it.each([
    ...NONSENSE,
    "",
    "2026-11-20",
    "2026-11-20T10:00:00",
    "yesterday",
    1763632800,
    "2026-13-45T99:00:00Z",
    null,
  ])("is no time: %j", (value) => {
    expect(instant.safeParse(value).success).toBe(false);
  });

  it.each([
    "0123456789abcdef0123456789abcdef",
    "hWN8SUSExampleExample",
    "Z2NwLXVz-_",
  ])("a checkout token is opaque: %s", (value) => {
    expect(checkoutToken.parse(value)).toBe(value);
  });

  it.each([...NONSENSE, "a b", "ä", "x".repeat(55), "a.b", "<script>"])("is no checkout token: %j", (value) => {
    expect(checkoutToken.safeParse(value).success).toBe(false);
    expect(optionalCheckoutToken.safeParse(value).success).toBe(false);
  });

  it("a checkout token may be missing, empty or null where no checkout stands behind it", () => {
    for (const value of [undefined, null, ""]) expect(optionalCheckoutToken.parse(value)).toBeUndefined();
  });

  it("a set of sums needs both currencies", () => {
    const dollars = { amount: "1.00", currency_code: "USD" };
    expect(moneySet.safeParse({ shop_money: dollars, presentment_money: dollars }).success).toBe(true);
    expect(moneySet.safeParse({ shop_money: dollars }).success).toBe(false);
    expect(helpfulMoneySet.parse({ shop_money: dollars })).toBeNull();
  });
});

describe("what only helps is dropped when it makes no sense, and never costs the event", () => {
  it.each([
    ...NONSENSE,
    null,
    undefined,
    "",
    "   ",
    "x".repeat(501),
  ])("a text that is none is not known: %j", (value) => {
    expect(helpfulText.parse(value)).toBeNull();
  });

  it("a number counts as text, and a text keeps its spaces", () => {
    expect(helpfulText.parse(97201)).toBe("97201");
    expect(helpfulText.parse(" Jordan ")).toBe(" Jordan ");
  });

  it("a long text may be 4,096 characters", () => {
    expect(helpfulLongText.parse("x".repeat(4_096))).toHaveLength(4_096);
    for (const value of ["x".repeat(4_097), 5, null, undefined, {}, ""])
      expect(helpfulLongText.parse(value)).toBeNull();
  });

  it("a word of a list is read without regard to case and space", () => {
    expect(helpfulWord.parse(" PAID ")).toBe("paid");
    expect(helpfulWord.parse("Voided")).toBe("voided");
    for (const value of [null, undefined, "", "  ", {}]) expect(helpfulWord.parse(value)).toBeNull();
  });

  it("an id or a flag that is none is not known", () => {
    expect(helpfulId.parse("n/a")).toBeUndefined();
    expect(helpfulId.parse("0")).toBeUndefined();
    expect(helpfulId.parse({})).toBeUndefined();
    expect(helpfulFlag.parse("true")).toBeNull();
    expect(helpfulFlag.parse(true)).toBe(true);
  });
});
