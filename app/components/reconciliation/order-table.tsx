import { useNavigation } from "@remix-run/react";
import { BlockStack, IndexTable, InlineStack, Link, Text, useBreakpoints } from "@shopify/polaris";
import { sourceLabel } from "../../diagnostics/reconciliation";
import type { Outcome } from "../../events/outcome";
import { Instant } from "../instant";
import { moneyText } from "../money";
import { OutcomeBadge } from "../outcome-badge";

/** An order's last word. What was erased of it is null. */
export interface OrderRow {
  /** Its own delivery. */
  delivery: number;
  order: string | null;
  at: number | null;
  source: string;
  outcome: Outcome;
  reason: string | null;
  browser: "left" | "blocked" | "unknown" | "not_attempted";
  value: string | null;
  currency: string | null;
  dataset: string;
}

const BROWSER_WORDS: Record<OrderRow["browser"], string> = {
  left: "Left the browser",
  blocked: "Stopped in the browser",
  unknown: "Nothing heard",
  not_attempted: "None",
};

interface TableProps {
  orders: OrderRow[];
  timezone: string | null;
  /** Whether there are several, to be told apart. */
  datasets: boolean;
}

/** A page of orders; on a narrow screen each is set out as a paragraph. */
export function OrderTable({ orders, timezone, datasets }: TableProps) {
  const loading = useNavigation().state === "loading";
  const { mdDown } = useBreakpoints();
  return (
    <IndexTable
      resourceName={{ singular: "order", plural: "orders" }}
      itemCount={orders.length}
      selectable={false}
      loading={loading}
      condensed={mdDown}
      headings={[
        { title: "Order" },
        { title: "When" },
        { title: "From" },
        { title: "Value" },
        ...(datasets ? [{ title: "Dataset" }] : []),
        { title: "Server leg" },
        { title: "Browser leg" },
      ]}
    >
      {orders.map((order, position) => (
        <IndexTable.Row key={order.delivery} id={String(order.delivery)} position={position}>
          {mdDown ? <NarrowRow order={order} timezone={timezone} /> : <WideRow {...{ order, timezone, datasets }} />}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

interface RowProps {
  order: OrderRow;
  timezone: string | null;
}

function WideRow({ order, timezone, datasets }: RowProps & { datasets: boolean }) {
  return (
    <>
      <IndexTable.Cell>
        <OrderLink order={order} />
      </IndexTable.Cell>
      <IndexTable.Cell>{order.at === null ? "–" : <Instant at={order.at} timezone={timezone} />}</IndexTable.Cell>
      <IndexTable.Cell>{sourceLabel(order.source)}</IndexTable.Cell>
      <IndexTable.Cell>{valueText(order)}</IndexTable.Cell>
      {datasets ? <IndexTable.Cell>{order.dataset}</IndexTable.Cell> : null}
      <IndexTable.Cell>
        <OutcomeBadge outcome={order.outcome} />
      </IndexTable.Cell>
      <IndexTable.Cell>{BROWSER_WORDS[order.browser]}</IndexTable.Cell>
    </>
  );
}

function NarrowRow({ order, timezone }: RowProps) {
  return (
    <div style={{ padding: "0.75rem 1rem" }}>
      <BlockStack gap="100">
        <InlineStack align="space-between" blockAlign="center">
          <OrderLink order={order} />
          <OutcomeBadge outcome={order.outcome} />
        </InlineStack>
        <Text as="span" tone="subdued" variant="bodySm">
          {order.at === null ? "–" : <Instant at={order.at} timezone={timezone} />} · {valueText(order)}
        </Text>
        <Text as="span" tone="subdued" variant="bodySm">
          {sourceLabel(order.source)} · {BROWSER_WORDS[order.browser]}
        </Text>
      </BlockStack>
    </div>
  );
}

function OrderLink({ order: { order, delivery } }: { order: OrderRow }) {
  return (
    <Link url={`/app/deliveries/${delivery}`} dataPrimaryLink removeUnderline>
      {order ?? "Erased"}
    </Link>
  );
}

function valueText({ value, currency }: OrderRow): string {
  return value === null || currency === null ? "–" : moneyText(value, currency);
}
