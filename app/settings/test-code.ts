/** Meta counts what carries a test code as a test, so a forgotten code would cost a merchant their numbers. */
export const TEST_CODE_MS = 24 * 3_600_000;

/** The code that a request carries at this moment; null: none, or its day is over. `now`: epoch milliseconds. */
export function liveTestCode(
  { testCode, testCodeAt }: { testCode: string | null; testCodeAt: number | null },
  now: number,
): string | null {
  return testCode !== null && now < (testCodeAt ?? 0) + TEST_CODE_MS ? testCode : null;
}

/** When that code clears itself, epoch milliseconds; null: there is none. */
export function testCodeEnds(dataset: Parameters<typeof liveTestCode>[0], now: number): number | null {
  return liveTestCode(dataset, now) === null ? null : (dataset.testCodeAt ?? 0) + TEST_CODE_MS;
}
