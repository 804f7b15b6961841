import { Button, DataTable, InlineStack } from "@shopify/polaris";
import { useState } from "react";
import { LayerLegend, type StackedDay, StackedDays } from "../stacked-days";

const LAYERS = [
  { key: "both", label: "Both copies went out", colour: "var(--p-color-bg-fill-success)" },
  { key: "serverOnly", label: "Only the server's", colour: "var(--p-color-bg-fill-info)" },
] as const;

type LayerKey = (typeof LAYERS)[number]["key"];

/** What Meta took of a day, by whether the browser's copy left as well. */
export type RecoveredDay = StackedDay<LayerKey>;

/** Day by day what Meta took, and what it would not know of without the server; the same as a table for who wants one. */
export function RecoveredChart({ days, of }: { days: RecoveredDay[]; of: string }) {
  const [asTable, setAsTable] = useState(false);
  const sum = (key: LayerKey) => days.reduce((total, day) => total + day[key], 0);
  const says = `${of} by day, ${days.length} days: ${sum("both")} with both copies, ${sum("serverOnly")} by the server alone.`;
  return (
    <>
      {asTable ? <RecoveredTable days={days} /> : <StackedDays days={days} layers={LAYERS} height={220} says={says} />}
      <InlineStack gap="400" blockAlign="center">
        <LayerLegend layers={LAYERS} />
        <Button variant="plain" onClick={() => setAsTable(!asTable)}>
          {asTable ? "Show as a chart" : "Show as a table"}
        </Button>
      </InlineStack>
    </>
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
