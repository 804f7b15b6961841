/** What the pixel asks of the world around it; a test brings its own. */
export interface Effects {
  fetch: (url: string, request: RequestInit) => Promise<{ readonly ok: boolean }>;
  /** Epoch milliseconds. */
  now: () => number;
  /** From 0 up to 1. */
  random: () => number;
  /** Browsers keep it from pages that are not secure. */
  sha256: (bytes: BufferSource) => Promise<ArrayBuffer>;
  wait: (milliseconds: number) => Promise<void>;
}

export const REAL_EFFECTS: Effects = {
  fetch: (url, request) => fetch(url, request),
  now: Date.now,
  random: Math.random,
  sha256: (bytes) => crypto.subtle.digest("SHA-256", bytes),
  wait: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
    }),
};
