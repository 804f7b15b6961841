import { BlockStack, DataTable, Text, useBreakpoints } from "@shopify/polaris";
import { type EventLegs, LEGS_NAMES, LEGS_WORDS } from "../diagnostics/parity";

interface LegsTableProps {
  rows: EventLegs[];
  /** Whether there are several, to be told apart. */
  datasets: boolean;
}

/** How many events of each name had both copies, one of them, or none. */
export function LegsTable({ rows, datasets }: LegsTableProps) {
  const { mdDown } = useBreakpoints();
  if (mdDown) return <NarrowLegs rows={rows} datasets={datasets} />;
  return (
    <DataTable
      columnContentTypes={["text", ...(datasets ? ["text" as const] : []), ...LEGS_NAMES.map(() => "numeric" as const)]}
      headings={["Event", ...(datasets ? ["Dataset"] : []), ...LEGS_NAMES.map((name) => LEGS_WORDS[name].label)]}
      rows={rows.map(({ event, dataset, legs }) => [
        event,
        ...(datasets ? [dataset] : []),
        ...LEGS_NAMES.map((name) => legs[name]),
      ])}
      increasedTableDensity
      hoverable
    />
  );
}

/** Where a table would have to scroll sideways: one paragraph an event, with the numbers that are not zero. */
function NarrowLegs({ rows, datasets }: LegsTableProps) {
  return (
    <BlockStack gap="300">
      {rows.map(({ event, dataset, legs }) => (
        <BlockStack key={`${event} ${dataset}`} gap="050">
          <Text as="h3" variant="headingSm">
            {datasets ? `${event} · dataset ${dataset}` : event}
          </Text>
          <Text as="p" tone="subdued">
            {LEGS_NAMES.flatMap((name) => (legs[name] > 0 ? [`${LEGS_WORDS[name].label}: ${legs[name]}`] : [])).join(
              " · ",
            )}
          </Text>
        </BlockStack>
      ))}
    </BlockStack>
  );
}
