/** Where the forms of a dataset are sent to, from whatever page they stand on. */
export const SETTINGS = "/app/settings";

/** A connected dataset as its card shows it; the token stays where it is. */
export interface DatasetView {
  dataset: string;
  /** Why nothing leaves for it; null: it flows. */
  held: string | null;
  testCode: string | null;
  /** When the test code clears itself, epoch milliseconds. */
  testCodeUntil: number | null;
  holdSeconds: number;
}

/** What an intent of the settings page led to. */
export interface SettingsAnswer {
  /** A message for each field that is not as it should be. */
  faults: Record<string, string>;
  /** What happened, in a sentence; null: nothing did. */
  done: string | null;
  /** Meta's answer to a test event. */
  test: { eventId: string; accepted: boolean; status: number | null; answer: string; says: string } | null;
}
