import { BlockStack, Button, DataTable, InlineStack, Text, useBreakpoints } from "@shopify/polaris";
import { AxisBottom, AxisLeft } from "@visx/axis";
import { Group } from "@visx/group";
import { scaleBand, scaleLinear } from "@visx/scale";
import { BarStack } from "@visx/shape";
import { useState } from "react";

/** What a bar is made of, from below; colours are Polaris' own. */
export interface Layer<Key extends string> {
  key: Key;
  label: string;
  colour: string;
}

/** A day's counts, by layer. */
export type StackedDay<Key extends string> = Record<Key, number> & {
  /** ISO 8601: `2026-11-21`. */
  date: string;
};

interface BarsProps<Key extends string> {
  days: readonly StackedDay<Key>[];
  layers: readonly Layer<Key>[];
  height: number;
  /** The same for who does not see it. */
  says: string;
}

/** Counts day by day as a chart with its legend; the same as a table for who wants one. */
export function StackedDays<Key extends string>(props: BarsProps<Key>) {
  const [asTable, setAsTable] = useState(false);
  return (
    <BlockStack gap="300">
      {asTable ? <Table {...props} /> : <Bars {...props} />}
      <InlineStack gap="400" blockAlign="center">
        <Legend layers={props.layers} />
        <Button variant="plain" onClick={() => setAsTable(!asTable)}>
          {asTable ? "Show as a chart" : "Show as a table"}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}

/** The newest day first; where a table would have to scroll sideways, a line a day. */
function Table<Key extends string>({ days, layers }: BarsProps<Key>) {
  const { mdDown } = useBreakpoints();
  if (mdDown) {
    return (
      <BlockStack gap="200">
        {days.toReversed().map((day) => (
          <Text key={day.date} as="p">
            {day.date}: {layers.map(({ key, label }) => `${label} ${day[key]}`).join(" · ")}
          </Text>
        ))}
      </BlockStack>
    );
  }
  return (
    <DataTable
      columnContentTypes={["text", ...layers.map(() => "numeric" as const)]}
      headings={["Day", ...layers.map(({ label }) => label)]}
      rows={days.toReversed().map((day) => [day.date, ...layers.map(({ key }) => day[key])])}
      increasedTableDensity
    />
  );
}

/** At a desk, and where it is narrow: letters scale with the picture. */
const WIDTHS = { wide: 960, narrow: 420 };
const MARGIN = { top: 8, right: 8, bottom: 28, left: 44 };
/** So much of its width a date below the bars takes. */
const TICK = 70;

/** One bar a day. Drawn at one of two sizes and scaled. */
function Bars<Key extends string>({ days, layers, height, says }: BarsProps<Key>) {
  const { smDown } = useBreakpoints();
  const width = smDown ? WIDTHS.narrow : WIDTHS.wide;
  const most = Math.max(1, ...days.map((day) => layers.reduce((sum, { key }) => sum + day[key], 0)));
  const x = scaleBand({
    domain: days.map(({ date }) => date),
    range: [0, width - MARGIN.left - MARGIN.right],
    padding: 0.25,
  });
  const floor = height - MARGIN.top - MARGIN.bottom;
  const y = scaleLinear({ domain: [0, most], range: [floor, 0], nice: true });
  const each = Math.ceil((days.length * TICK) / width);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width="100%" role="img" aria-label={says}>
      <Group left={MARGIN.left} top={MARGIN.top}>
        <BarStack<StackedDay<Key>, Key>
          data={[...days]}
          keys={layers.map(({ key }) => key)}
          x={({ date }) => date}
          xScale={x}
          yScale={y}
          color={(key) => layers.find((layer) => layer.key === key)?.colour ?? ""}
        />
        <AxisLeft
          scale={y}
          numTicks={4}
          tickFormat={(value) => (Number.isInteger(value.valueOf()) ? String(value) : "")}
          tickLabelProps={{ fontSize: 13 }}
        />
        <AxisBottom
          scale={x}
          top={floor}
          tickValues={days.filter((_, index) => index % each === 0).map(({ date }) => date)}
          tickFormat={(date) => date.slice(5)}
          tickLabelProps={{ fontSize: 13 }}
        />
      </Group>
    </svg>
  );
}

/** What the colours mean. */
function Legend({ layers }: { layers: readonly Layer<string>[] }) {
  return (
    <InlineStack gap="400">
      {layers.map(({ key, label, colour }) => (
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
