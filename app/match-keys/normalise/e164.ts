import type { Normalise } from "./text";

const E164 = /^\+([1-9]\d{6,14})$/;

/** The digits of a phone number that is E.164 already. For the web pixel, which cannot carry a phone library. */
export const e164: Normalise = (value) => E164.exec(value)?.[1] ?? null;
