/** Decimals of the finest sum we take; more than any currency has. */
const DECIMALS = 6;

/** An exact decimal string in millionths. Throws on anything else: amounts are checked when they arrive. */
export function millionths(amount: string): bigint {
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(amount) ?? [];
  if (whole === undefined) throw new Error("not an exact decimal");
  return BigInt(`${sign}${whole}${fraction.padEnd(DECIMALS, "0")}`);
}

/** Millionths as an exact decimal string, without zeros at its end. */
export function decimal(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(DECIMALS + 1, "0");
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -DECIMALS)}${fraction && `.${fraction}`}`;
}
