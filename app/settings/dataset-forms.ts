import { z } from "zod";
import { datasetNumber, holdSeconds, metaToken, testCode } from "./dataset-fields";

/** What the settings page may ask for; `intent` says which. */
export const datasetForm = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("connect"), dataset: datasetNumber, token: metaToken }),
  z.object({
    intent: z.literal("configure"),
    dataset: datasetNumber,
    // What is not sent stays as it is: a page that was left open must not bring back what was cleared meanwhile.
    testCode: testCode.optional(),
    holdSeconds: holdSeconds.optional(),
  }),
  z.object({ intent: z.literal("disconnect"), dataset: datasetNumber }),
  z.object({ intent: z.literal("test"), dataset: datasetNumber }),
]);

/** A message for each field that is not as it should be. */
export function faultsOf(error: z.ZodError): Record<string, string> {
  return Object.fromEntries(error.issues.map(({ path, message }) => [String(path[0] ?? "form"), message]));
}
