import { BlockStack, DataTable, Text, useBreakpoints } from "@shopify/polaris";
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

/** The server's copies again, narrowed by one thing; of many values the most frequent. */
export function GroupTable({ heading, groups, keys, labelOf }: TableProps) {
  const { mdDown } = useBreakpoints();
  const server = groups.filter(({ leg }) => leg === "server");
  if (server.length === 0) return null;
  const rows = server.slice(0, MOST_SHOWN).map(({ value, events, sent }) => ({
    label: value === "" ? "Not known" : labelOf(value),
    events,
    shares: keys.map(({ key, label }) => ({ label, share: `${percentOf(sent[key], events) ?? 0} %` })),
  }));
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {heading}
      </Text>
      {mdDown ? (
        rows.map(({ label, events, shares }) => (
          <Text key={label} as="p">
            {label}, {events} accepted:{" "}
            <Text as="span" tone="subdued">
              {shares.map(({ label: name, share }) => `${name} ${share}`).join(" · ")}
            </Text>
          </Text>
        ))
      ) : (
        <DataTable
          columnContentTypes={["text", "numeric", ...keys.map(() => "numeric" as const)]}
          headings={["", "Accepted", ...keys.map(({ label }) => label)]}
          rows={rows.map(({ label, events, shares }) => [label, events, ...shares.map(({ share }) => share)])}
          increasedTableDensity
        />
      )}
      {server.length > MOST_SHOWN ? (
        <Text as="p" tone="subdued">
          And {server.length - MOST_SHOWN} more.
        </Text>
      ) : null}
    </BlockStack>
  );
}
