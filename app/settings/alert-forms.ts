import { z } from "zod";
import { CHANNEL_NAMES } from "../alerts/channels";
import { ALERT_KIND_NAMES, thresholdOf } from "../alerts/kinds";
import { type AlertSettings, alertsSchema } from "./alerts";
import { entriesOf, type Faults, faultsByField, json, typedList } from "./form-fields";
import type { Settings } from "./settings";

const told = z.object({ mail: z.boolean().optional(), webhook: z.boolean().optional() });

/** What the Alerts page sends: only what was touched. */
export const alertsForm = z.object({
  /** As it was typed. */
  mail: typedList.optional(),
  /** '' means none. */
  webhook: z.string().trim().optional(),
  daily: json.pipe(told).optional(),
  kinds: json
    .pipe(
      z.partialRecord(
        z.enum(ALERT_KIND_NAMES),
        // '' leaves the threshold to the table.
        told.extend({ threshold: z.string().trim().max(20, "is too long").optional() }),
      ),
    )
    .optional(),
});

export type AlertsForm = z.output<typeof alertsForm>;

/** The settings with what the page says; or a message for each of its fields that is not as it should be. */
export function withAlertsForm(
  settings: Settings,
  { mail, webhook, daily = {}, kinds = {} }: AlertsForm,
): { settings: Settings } | { faults: Faults } {
  const { alerts } = settings;
  const chosen: Record<string, unknown> = { ...alerts.kinds };
  for (const kind of ALERT_KIND_NAMES) {
    const touched = kinds[kind];
    if (touched === undefined) continue;
    const { threshold, ...switches } = touched;
    chosen[kind] = deviations(kind, {
      ...alerts.kinds[kind],
      ...switches,
      ...(threshold !== undefined && { threshold: threshold === "" ? undefined : wholeNumber(threshold) }),
    });
    if (Object.keys(chosen[kind] as object).length === 0) delete chosen[kind];
  }
  const candidate = {
    ...alerts,
    mail: mail === undefined ? alerts.mail : entriesOf(mail),
    webhook: webhook === undefined ? alerts.webhook : webhook === "" ? null : webhook,
    daily: { ...alerts.daily, ...daily },
    kinds: chosen,
  };
  const parsed = alertsSchema.safeParse(candidate);
  return parsed.success
    ? { settings: { ...settings, alerts: parsed.data } }
    : { faults: faultsByKind(parsed.error, candidate) };
}

/** What is as the table has it is left out, like what nobody touched. */
function deviations(kind: (typeof ALERT_KIND_NAMES)[number], chosen: NonNullable<AlertSettings["kinds"][typeof kind]>) {
  const { threshold, ...switches } = chosen;
  const off = Object.fromEntries(
    CHANNEL_NAMES.flatMap((channel) => (switches[channel] === false ? [[channel, false]] : [])),
  );
  const same = threshold === undefined || threshold === thresholdOf(kind)?.default;
  return same ? off : { ...off, threshold };
}

/** What is no number stays as it was typed, for the schema to refuse. */
function wholeNumber(typed: string): number {
  return /^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN;
}

/** A threshold's field is named by its kind: there are many of them on the page. */
function faultsByKind(error: z.ZodError, candidate: unknown): Faults {
  const issues = error.issues.map((issue) => {
    const { path } = issue;
    if (path[0] !== "kinds" || path[1] === undefined) return issue;
    const message = path[2] === "threshold" ? "must be a whole number" : issue.message;
    return { ...issue, message, path: ["kinds", path[1]] };
  });
  return faultsByField(new z.ZodError(issues), candidate);
}
