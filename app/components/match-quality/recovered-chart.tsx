import { type StackedDay, StackedDays } from "../stacked-days";

const LAYERS = [
  { key: "both", label: "Both copies went out", colour: "var(--p-color-bg-fill-success)" },
  { key: "serverOnly", label: "Only the server's", colour: "var(--p-color-bg-fill-info)" },
] as const;

type LayerKey = (typeof LAYERS)[number]["key"];

/** What Meta took of a day, by whether the browser's copy left as well. */
export type RecoveredDay = StackedDay<LayerKey>;

/** Day by day what Meta took, and what it would not know of without the server. */
export function RecoveredChart({ days, of }: { days: RecoveredDay[]; of: string }) {
  const sum = (key: LayerKey) => days.reduce((total, day) => total + day[key], 0);
  const says = `${of} by day, ${days.length} days: ${sum("both")} with both copies, ${sum("serverOnly")} by the server alone.`;
  return <StackedDays days={days} layers={LAYERS} height={220} says={says} />;
}
