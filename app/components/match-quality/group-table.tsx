import { DataTable, Text } from "@shopify/polaris";
import { type GroupCoverage, type KeyName, percentOf } from "../../diagnostics/match-quality";

interface TableProps {
  heading: string;
  groups: GroupCoverage[];
  keys: { key: KeyName; label: string }[];
  /** What a value is called. */
  labelOf: (value: string) => string;
}

/** More would not be read. */
const MOST_SHOWN = 10;

/** The same keys, narrowed by one thing; of many values the most frequent. */
export function GroupTable({ heading, groups, keys, labelOf }: TableProps) {
  const server = groups.filter(({ leg }) => leg === "server");
  if (server.length === 0) return null;
  return (
    <>
      <Text as="h3" variant="headingSm">
        {heading}
      </Text>
      <DataTable
        columnContentTypes={["text", "numeric", ...keys.map(() => "numeric" as const)]}
        headings={["", "Accepted", ...keys.map(({ label }) => label)]}
        rows={server
          .slice(0, MOST_SHOWN)
          .map(({ value, events, sent }) => [
            value === "" ? "Not known" : labelOf(value),
            events,
            ...keys.map(({ key }) => `${percentOf(sent[key], events) ?? 0} %`),
          ])}
        increasedTableDensity
        firstColumnMinWidth="8rem"
      />
      {server.length > MOST_SHOWN ? (
        <Text as="p" tone="subdued">
          And {server.length - MOST_SHOWN} more.
        </Text>
      ) : null}
    </>
  );
}
