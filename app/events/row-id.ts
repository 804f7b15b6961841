/** Rows are counted in 32 bits; PostgreSQL fails over a larger number. */
export const LARGEST_ROW_ID = 2 ** 31 - 1;

/** The number of a row, as an address names it; null: no row can have it. */
export function rowIdOf(text: string | null | undefined): number | null {
  const id = Number(text);
  return Number.isInteger(id) && id > 0 && id <= LARGEST_ROW_ID ? id : null;
}
