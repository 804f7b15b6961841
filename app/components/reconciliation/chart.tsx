import { InlineStack, Text, useBreakpoints } from "@shopify/polaris";
import { AxisBottom, AxisLeft } from "@visx/axis";
import { Group } from "@visx/group";
import { scaleBand, scaleLinear } from "@visx/scale";
import { BarStack } from "@visx/shape";
import type { Day } from "../../diagnostics/day-range";
import type { Reconciliation } from "../../diagnostics/reconciliation";
import type { Outcome } from "../../events/outcome";

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
] as const satisfies readonly { key: string; label: string; colour: string; of: readonly Outcome[] }[];

type LayerKey = (typeof LAYERS)[number]["key"];
type Bar = Record<LayerKey, number> & { date: string };

/** At a desk, and where it is narrow: letters scale with the picture. */
const WIDTHS = { wide: 960, narrow: 420 };
const HEIGHT = 260;
const MARGIN = { top: 8, right: 8, bottom: 28, left: 44 };
/** So much of its width a date below the bars takes. */
const TICK = 70;

/** Orders day by day. Drawn at one of two sizes and scaled. */
export function OrdersByDay({ days, counts }: { days: readonly Day[]; counts: Reconciliation["days"] }) {
  const { smDown } = useBreakpoints();
  const width = smDown ? WIDTHS.narrow : WIDTHS.wide;
  const bars = days.map(({ date }, index) => barOf(date, counts[index] ?? {}));
  const most = Math.max(1, ...bars.map((bar) => LAYERS.reduce((sum, { key }) => sum + bar[key], 0)));
  const x = scaleBand({
    domain: bars.map(({ date }) => date),
    range: [0, width - MARGIN.left - MARGIN.right],
    padding: 0.25,
  });
  const y = scaleLinear({ domain: [0, most], range: [HEIGHT - MARGIN.top - MARGIN.bottom, 0], nice: true });
  const colours = Object.fromEntries(LAYERS.map(({ key, colour }) => [key, colour]));
  const each = Math.ceil((bars.length * TICK) / width);
  return (
    <svg viewBox={`0 0 ${width} ${HEIGHT}`} width="100%" role="img" aria-label={summary(bars)}>
      <Group left={MARGIN.left} top={MARGIN.top}>
        <BarStack<Bar, LayerKey>
          data={bars}
          keys={LAYERS.map(({ key }) => key)}
          x={({ date }) => date}
          xScale={x}
          yScale={y}
          color={(key) => colours[key] ?? ""}
        />
        <AxisLeft
          scale={y}
          numTicks={4}
          tickFormat={(value) => (Number.isInteger(value.valueOf()) ? String(value) : "")}
          tickLabelProps={{ fontSize: 13 }}
        />
        <AxisBottom
          scale={x}
          top={HEIGHT - MARGIN.top - MARGIN.bottom}
          tickValues={bars.filter((_, index) => index % each === 0).map(({ date }) => date)}
          tickFormat={(date) => date.slice(5)}
          tickLabelProps={{ fontSize: 13 }}
        />
      </Group>
    </svg>
  );
}

/** What the colours mean. */
export function ChartLegend() {
  return (
    <InlineStack gap="400">
      {LAYERS.map(({ key, label, colour }) => (
        <InlineStack key={key} gap="100" blockAlign="center">
          <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
            <rect width="10" height="10" fill={colour} />
          </svg>
          <Text as="span" tone="subdued">
            {label}
          </Text>
        </InlineStack>
      ))}
    </InlineStack>
  );
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
