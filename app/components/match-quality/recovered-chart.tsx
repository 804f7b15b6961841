import { Button, DataTable, InlineStack, Text, useBreakpoints } from "@shopify/polaris";
import { AxisBottom, AxisLeft } from "@visx/axis";
import { Group } from "@visx/group";
import { scaleBand, scaleLinear } from "@visx/scale";
import { BarStack } from "@visx/shape";
import { useState } from "react";

const LAYERS = [
  { key: "both", label: "Both copies went out", colour: "var(--p-color-bg-fill-success)" },
  { key: "serverOnly", label: "Only the server's", colour: "var(--p-color-bg-fill-info)" },
] as const;

type LayerKey = (typeof LAYERS)[number]["key"];

/** What Meta took of a day, by whether the browser's copy left as well. */
export type RecoveredDay = Record<LayerKey, number> & {
  /** ISO 8601: `2026-11-21`. */
  date: string;
};

const WIDTHS = { wide: 960, narrow: 420 };
const HEIGHT = 220;
const MARGIN = { top: 8, right: 8, bottom: 28, left: 44 };
/** So much of its width a date below the bars takes. */
const TICK = 70;

/** Day by day what Meta took, and what it would not know of without the server; the same as a table for who wants one. */
export function RecoveredChart({ days, of }: { days: RecoveredDay[]; of: string }) {
  const { smDown } = useBreakpoints();
  const [asTable, setAsTable] = useState(false);
  return (
    <>
      {asTable ? (
        <RecoveredTable days={days} />
      ) : (
        <Drawing days={days} of={of} width={smDown ? WIDTHS.narrow : WIDTHS.wide} />
      )}
      <InlineStack gap="400" blockAlign="center">
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
        <Button variant="plain" onClick={() => setAsTable(!asTable)}>
          {asTable ? "Show as a chart" : "Show as a table"}
        </Button>
      </InlineStack>
    </>
  );
}

function Drawing({ days, of, width }: { days: RecoveredDay[]; of: string; width: number }) {
  const most = Math.max(1, ...days.map(({ both, serverOnly }) => both + serverOnly));
  const x = scaleBand({
    domain: days.map(({ date }) => date),
    range: [0, width - MARGIN.left - MARGIN.right],
    padding: 0.25,
  });
  const y = scaleLinear({ domain: [0, most], range: [HEIGHT - MARGIN.top - MARGIN.bottom, 0], nice: true });
  const colours = Object.fromEntries(LAYERS.map(({ key, colour }) => [key, colour]));
  const each = Math.ceil((days.length * TICK) / width);
  const sum = (key: LayerKey) => days.reduce((total, day) => total + day[key], 0);
  const says = `${of} by day, ${days.length} days: ${sum("both")} with both copies, ${sum("serverOnly")} by the server alone.`;
  return (
    <svg viewBox={`0 0 ${width} ${HEIGHT}`} width="100%" role="img" aria-label={says}>
      <Group left={MARGIN.left} top={MARGIN.top}>
        <BarStack<RecoveredDay, LayerKey>
          data={days}
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
          tickValues={days.filter((_, index) => index % each === 0).map(({ date }) => date)}
          tickFormat={(date) => date.slice(5)}
          tickLabelProps={{ fontSize: 13 }}
        />
      </Group>
    </svg>
  );
}

function RecoveredTable({ days }: { days: RecoveredDay[] }) {
  return (
    <DataTable
      columnContentTypes={["text", "numeric", "numeric"]}
      headings={["Day", ...LAYERS.map(({ label }) => label)]}
      rows={days.toReversed().map(({ date, both, serverOnly }) => [date, both, serverOnly])}
      increasedTableDensity
    />
  );
}
