import { z } from "zod";

/** The fields of a connected dataset, as the page and the command line take them: what is wrong is said the same way. */

/** A dataset's (pixel's) number. */
export const datasetNumber = z
  .string()
  .trim()
  .regex(/^\d{1,20}$/, "must be the dataset's number (digits) from Events Manager");

export const metaToken = z
  .string()
  .trim()
  .min(1, "must be given: Events Manager makes it (dataset, Settings, Conversions API)")
  .regex(/^[\x21-\x7e]{0,2000}$/, "must be one word of at most 2,000 plain characters, as Events Manager shows it");

/** '' means none. */
export const testCode = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{0,64}$/, "must be one word, such as TEST12345, as Events Manager's Test Events shows it");

const MOST_HOLD_SECONDS = 300;

export const holdSeconds = z
  .string()
  .trim()
  .regex(/^\d{1,3}$/, `must be a whole number from 0 to ${MOST_HOLD_SECONDS}`)
  .transform(Number)
  .refine((seconds) => seconds <= MOST_HOLD_SECONDS, `must be a whole number from 0 to ${MOST_HOLD_SECONDS}`);
