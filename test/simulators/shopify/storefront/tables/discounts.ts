/** `hundredths`: of a percent off all goods; `cents`: off the whole, in the shop's currency. */
export type Discount = { code: string } & (
  | { kind: "percentage"; hundredths: number }
  | { kind: "fixed"; cents: number }
);

const DISCOUNTS: readonly Discount[] = [
  { code: "WELCOME10", kind: "percentage", hundredths: 1000 },
  { code: "FIVEOFF", kind: "fixed", cents: 5_00 },
];

/** Codes are read without regard to case, as Shopify does. */
export function discountOf(code: string): Discount | null {
  return DISCOUNTS.find((discount) => discount.code === code.trim().toUpperCase()) ?? null;
}
