import { useNavigation } from "@remix-run/react";
import { Badge, BlockStack, IndexTable, InlineStack, Link, Text, useBreakpoints } from "@shopify/polaris";
import type { DeliveryLine } from "../diagnostics/deliveries";
import { TR_WORDS } from "../events/browser-copy";
import { Instant } from "./instant";
import { OutcomeBadge } from "./outcome-badge";

interface TableProps {
  lines: DeliveryLine[];
  timezone: string | null;
  /** Whether there are several, to be told apart. */
  datasets: boolean;
}

/** A page of deliveries; on a narrow screen each line is set out as two. */
export function DeliveryTable({ lines, timezone, datasets }: TableProps) {
  const loading = useNavigation().state === "loading";
  const { mdDown } = useBreakpoints();
  return (
    <IndexTable
      resourceName={{ singular: "delivery", plural: "deliveries" }}
      itemCount={lines.length}
      selectable={false}
      loading={loading}
      condensed={mdDown}
      headings={[
        { title: "Event" },
        { title: "When" },
        { title: "Order" },
        ...(datasets ? [{ title: "Dataset" }] : []),
        { title: "Server leg" },
        { title: "Browser leg" },
      ]}
    >
      {lines.map((line, position) => (
        <IndexTable.Row key={line.id} id={String(line.id)} position={position}>
          {mdDown ? (
            <NarrowRow line={line} timezone={timezone} datasets={datasets} />
          ) : (
            <WideRow line={line} timezone={timezone} datasets={datasets} />
          )}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

interface RowProps extends Omit<TableProps, "lines"> {
  line: DeliveryLine;
}

function WideRow({ line, timezone, datasets }: RowProps) {
  return (
    <>
      <IndexTable.Cell>
        <Link url={`/app/deliveries/${line.id}`} dataPrimaryLink removeUnderline>
          {line.event}
        </Link>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Instant at={line.eventTime} timezone={timezone} />
      </IndexTable.Cell>
      <IndexTable.Cell>{line.orderId ?? "–"}</IndexTable.Cell>
      {datasets ? <IndexTable.Cell>{line.dataset}</IndexTable.Cell> : null}
      <IndexTable.Cell>
        <OutcomeBadge outcome={line.outcome} />
      </IndexTable.Cell>
      <IndexTable.Cell>{line.browserCopy === null ? "–" : TR_WORDS[line.browserCopy].label}</IndexTable.Cell>
    </>
  );
}

function NarrowRow({ line, timezone, datasets }: RowProps) {
  return (
    <div style={{ padding: "0.75rem 1rem" }}>
      <BlockStack gap="100">
        <InlineStack align="space-between" blockAlign="center">
          <Link url={`/app/deliveries/${line.id}`} dataPrimaryLink removeUnderline>
            {line.event}
          </Link>
          <OutcomeBadge outcome={line.outcome} />
        </InlineStack>
        <Text as="span" tone="subdued" variant="bodySm">
          <Instant at={line.eventTime} timezone={timezone} />
          {line.orderId === null ? null : ` · order ${line.orderId}`}
          {datasets ? ` · dataset ${line.dataset}` : null}
        </Text>
        {line.browserCopy === null ? null : <Badge>{`Browser: ${TR_WORDS[line.browserCopy].label}`}</Badge>}
      </BlockStack>
    </div>
  );
}
