import { z } from "zod";
import type { Change } from "./change";
import { type DatasetPolicy, policySchema } from "./dataset-policy";
import { entriesOf, type Faults, faultsByField, json, typedList } from "./form-fields";
import { policyOf, type Settings, withPolicy, withToggles } from "./settings";
import { toggleChanges } from "./toggles";

const flag = z.enum(["true", "false"]).transform((word) => word === "true");

/** What the page of a dataset sends: only what was touched. Lists are texts, as they were typed. */
export const policyForm = z.object({
  trigger: z.string().optional(),
  basis: z.string().optional(),
  money: z.string().optional(),
  contentId: z.string().optional(),
  hosts: typedList.optional(),
  paths: typedList.optional(),
  countries: typedList.optional(),
  markets: json.optional(),
  restricted: flag.optional(),
  recognise: flag.optional(),
  /** Legs of its own; `none`: those of the Events page. */
  toggles: z.union([z.literal("none"), json.pipe(toggleChanges)]).optional(),
});

export type PolicyForm = z.output<typeof policyForm>;

/** A dataset's policy with what the form says; or a message for each of its fields that is not as it should be. */
export function policyWith(
  policy: DatasetPolicy,
  { trigger, basis, money, contentId, hosts, paths, countries, markets, restricted, recognise }: PolicyForm,
): { policy: DatasetPolicy } | { faults: Faults } {
  const { value, filter } = policy;
  const candidate = {
    ...policy,
    trigger: trigger ?? policy.trigger,
    value: { basis: basis ?? value.basis, money: money ?? value.money },
    contentId: contentId ?? policy.contentId,
    filter: {
      ...filter,
      hosts: hosts === undefined ? filter.hosts : entriesOf(hosts),
      paths: paths === undefined ? filter.paths : entriesOf(paths),
      countries: countries === undefined ? filter.countries : entriesOf(countries),
      markets: markets ?? filter.markets,
    },
    restricted: restricted ?? policy.restricted,
    recognise: recognise ?? policy.recognise,
  };
  const parsed = policySchema.safeParse(candidate);
  if (parsed.success) return { policy: parsed.data };
  return { faults: faultsByField(parsed.error, candidate) };
}

/** The settings with a dataset's form taken in. Throws where policyWith would name a fault. */
export function withPolicyForm(settings: Settings, dataset: string, form: PolicyForm): Settings {
  const changed = policyWith(policyOf(settings, dataset), form);
  if ("faults" in changed) throw new Error("a form that was not looked at");
  const after = withPolicy(settings, dataset, changed.policy);
  if (form.toggles === undefined) return after;
  return form.toggles === "none"
    ? withPolicy(after, dataset, { toggles: {} })
    : withToggles(after, form.toggles, dataset);
}

/** What the page of an event's match quality sends. */
export const recogniseForm = z.object({ recognise: flag });

/** Whether a dataset's events before the checkout recognise returning shoppers. */
export function withRecognise(dataset: string): Change<z.output<typeof recogniseForm>> {
  return (settings, { recognise }) => ({ settings: withPolicy(settings, dataset, { recognise }) });
}
