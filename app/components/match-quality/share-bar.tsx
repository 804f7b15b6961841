import { Bar } from "@visx/shape";
import { percentOf } from "../../diagnostics/match-quality";

interface ShareBarProps {
  part: number;
  whole: number;
  /** Lighter, behind it: what the part could be. */
  reach?: number;
  /** The percent below the bar, where columns are narrow. */
  stacked?: boolean;
}

const WIDTH = 100;
const HEIGHT = 8;

const ROW = { display: "inline-flex", alignItems: "center", gap: 8, whiteSpace: "nowrap" } as const;
const STACKED = { flexDirection: "column", alignItems: "flex-start", gap: 4 } as const;

/** A share as a bar with its percent in words beside it: the bar itself says nothing more. */
export function ShareBar({ part, whole, reach, stacked = false }: ShareBarProps) {
  const percent = percentOf(part, whole);
  if (percent === null) return <span>–</span>;
  const far = reach === undefined ? null : percentOf(reach, whole);
  return (
    <span style={{ ...ROW, ...(stacked ? STACKED : {}) }}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={56} height={HEIGHT} preserveAspectRatio="none" aria-hidden="true">
        <Bar x={0} y={0} width={WIDTH} height={HEIGHT} fill="var(--p-color-bg-fill-tertiary)" rx={2} />
        {far === null ? null : (
          <Bar x={0} y={0} width={far} height={HEIGHT} fill="var(--p-color-bg-fill-info)" rx={2} />
        )}
        <Bar x={0} y={0} width={percent} height={HEIGHT} fill="var(--p-color-bg-fill-success)" rx={2} />
      </svg>
      <span style={{ fontVariantNumeric: "tabular-nums", minWidth: "3rem", textAlign: stacked ? "left" : "right" }}>
        {percent} %
      </span>
    </span>
  );
}
