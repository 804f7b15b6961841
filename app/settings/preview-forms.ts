import { z } from "zod";
import { faultsByField, json } from "./form-fields";
import { policyOf, type Settings, settingsSchema } from "./settings";

const draft = z.strictObject({
  toggles: z.unknown().optional(),
  matrix: z.unknown().optional(),
  registrations: z.unknown().optional(),
  datasets: z.record(z.string().regex(/^\d{1,20}$/), z.looseObject({})).optional(),
  rules: z.unknown().optional(),
});

/** What the preview is asked: parts of settings, and for which datasets; none: for all. */
export const previewForm = z.object({
  draft: json.pipe(draft),
  datasets: json.pipe(z.array(z.string()).max(100)),
});

/** The shop's settings with a draft laid over them; or what is not as it should be, in words. */
export function withDraft(
  settings: Settings,
  { datasets = {}, ...parts }: z.output<typeof draft>,
): { settings: Settings } | { fault: string } {
  const policies = Object.entries(datasets).map(([dataset, changes]) => [
    dataset,
    { ...policyOf(settings, dataset), ...changes },
  ]);
  const candidate = {
    ...settings,
    ...parts,
    datasets: { ...settings.datasets, ...Object.fromEntries(policies) },
  };
  const parsed = settingsSchema.safeParse(candidate);
  return parsed.success ? { settings: parsed.data } : { fault: faultOf(parsed.error, candidate) };
}

/** The first of the faults, as a sentence. `of`: what was parsed. */
export function faultOf(error: z.ZodError, of: unknown): string {
  const [[field, says] = ["form", "cannot be read"]] = Object.entries(faultsByField(error, of));
  return `${field}: ${says}.`;
}
