import type { Day } from "../../diagnostics/day-range";
import type { Reconciliation } from "../../diagnostics/reconciliation";
import type { Outcome } from "../../events/outcome";
import { type Layer, type StackedDay, StackedDays } from "../stacked-days";

/** What a bar is made of, from below; colours are Polaris' own. */
const LAYERS = [
  { key: "accepted", label: "Accepted by Meta", colour: "var(--p-color-bg-fill-success)", of: ["accepted"] },
  { key: "waiting", label: "Waiting", colour: "var(--p-color-bg-fill-info)", of: ["waiting"] },
  {
    key: "notSent",
    label: "Not sent by a rule",
    colour: "var(--p-color-border-tertiary)",
    of: ["skipped", "withheld"],
  },
  { key: "failed", label: "Failed", colour: "var(--p-color-bg-fill-critical)", of: ["rejected", "expired", "dead"] },
] as const satisfies readonly (Layer<string> & { of: readonly Outcome[] })[];

type LayerKey = (typeof LAYERS)[number]["key"];
type Bar = StackedDay<LayerKey>;

/** Orders day by day. */
export function OrdersByDay({ days, counts }: { days: readonly Day[]; counts: Reconciliation["days"] }) {
  const bars = days.map(({ date }, index) => barOf(date, counts[index] ?? {}));
  return <StackedDays days={bars} layers={LAYERS} height={260} says={summary(bars)} />;
}

function barOf(date: string, counts: Reconciliation["days"][number]): Bar {
  const total = (of: readonly Outcome[]) => of.reduce((sum, outcome) => sum + (counts[outcome]?.count ?? 0), 0);
  const [accepted, waiting, notSent, failed] = LAYERS;
  return {
    date,
    accepted: total(accepted.of),
    waiting: total(waiting.of),
    notSent: total(notSent.of),
    failed: total(failed.of),
  };
}

/** The same for who does not see it. */
function summary(bars: readonly Bar[]): string {
  const said = bars.map((bar) => {
    const parts = LAYERS.flatMap(({ key, label }) => (bar[key] > 0 ? [`${bar[key]} ${label.toLowerCase()}`] : []));
    return `${bar.date}: ${parts.join(", ") || "no orders"}`;
  });
  return `Orders by day. ${said.join("; ")}.`;
}
