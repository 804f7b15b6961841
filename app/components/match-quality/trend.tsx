import { LinePath } from "@visx/shape";
import { percentOf } from "../../diagnostics/match-quality";

interface TrendProps {
  /** Oldest first. */
  days: readonly { sent: number; events: number }[];
  /** What it is the trend of. */
  label: string;
}

const WIDTH = 96;
const HEIGHT = 24;
const EDGE = 2;

/** A share day by day as a line, from 0 to 100 %; days without events are passed over. */
export function Trend({ days, label }: TrendProps) {
  const points = days.flatMap(({ sent, events }, day) => {
    const percent = percentOf(sent, events);
    return percent === null ? [] : [{ day, percent }];
  });
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return <span>–</span>;
  const x = ({ day }: { day: number }) => EDGE + (day / Math.max(1, days.length - 1)) * (WIDTH - 2 * EDGE);
  const y = ({ percent }: { percent: number }) => HEIGHT - EDGE - (percent / 100) * (HEIGHT - 2 * EDGE);
  const says = `${label}: from ${first.percent} % to ${last.percent} % in ${days.length} days`;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={says}>
      <LinePath data={points} x={x} y={y} stroke="var(--p-color-icon-info)" strokeWidth={1.5} />
      <circle cx={x(last)} cy={y(last)} r={2} fill="var(--p-color-icon-info)" />
    </svg>
  );
}
