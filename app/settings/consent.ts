import { z } from "zod";
import { CONSENT_SOURCE_NAMES, REGION_NAMES, SIGNALS } from "../consent/policy";

/** Of what a signal leaves a choice; a refusal leaves none. */
const bySignal = z.strictObject({
  given: z.enum(SIGNALS.given.choices).optional(),
  sale_opt_out: z.enum(SIGNALS.sale_opt_out.choices).optional(),
  none: z.enum(SIGNALS.none.choices).optional(),
});

/** What a shop has chosen of the consent policy; what is left out has the table's default. */
export const consentSchema = z.strictObject({
  /** +1 with every change: a decision says by which it was made. */
  revision: z.int().min(0).default(0),
  choices: z.partialRecord(z.enum(REGION_NAMES), z.partialRecord(z.enum(CONSENT_SOURCE_NAMES), bySignal)).default({}),
});
