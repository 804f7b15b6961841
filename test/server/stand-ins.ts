import { onTestFinished } from "vitest";

/** Closes a stand-in when the test is over. */
export function closing<T extends { close(): Promise<void> }>(standIn: T): T {
  onTestFinished(() => standIn.close());
  return standIn;
}
