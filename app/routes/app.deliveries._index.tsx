import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigation, useSearchParams } from "@remix-run/react";
import {
  Badge,
  BlockStack,
  Button,
  Card,
  IndexTable,
  InlineGrid,
  InlineStack,
  Link,
  Page,
  Select,
  Text,
  TextField,
  useBreakpoints,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import { Instant } from "../components/instant";
import { Nothing } from "../components/nothing";
import { OUTCOME_OPTIONS, OutcomeBadge } from "../components/outcome-badge";
import { PageFault } from "../components/page-fault";
import { type DeliveryLine, deliveriesOf } from "../diagnostics/deliveries.server";
import { TR_WORDS } from "../events/browser-copy";
import { TEST_EVENT } from "../events/catalog";
import { EVENT_NAMES } from "../events/names";
import { OUTCOMES } from "../events/outcome";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Deliveries – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const query = new URL(request.url).searchParams;
  const before = Number(query.get("before"));
  const filter = {
    event: query.get("event") || null,
    outcome: OUTCOMES.find((outcome) => outcome === query.get("outcome")) ?? null,
    dataset: query.get("dataset") || null,
    search: query.get("search")?.trim().slice(0, 100) || null,
    before: Number.isSafeInteger(before) && before > 0 ? before : null,
  };
  const page = await deliveriesOf(running().db, shop, filter);
  return { ...page, datasets: shop.datasets.map(({ dataset }) => dataset), timezone: shop.timezone };
}

export default function DeliveriesPage() {
  const { lines, next, datasets, timezone } = useLoaderData<typeof loader>();
  const [query, setQuery] = useSearchParams();
  const choose = (name: string, value: string) => {
    setQuery((before) => {
      const after = new URLSearchParams(before);
      if (value === "") after.delete(name);
      else after.set(name, value);
      if (name !== "before") after.delete("before");
      return after;
    });
  };
  const filtered = ["event", "outcome", "dataset", "search"].some((name) => query.has(name));
  return (
    <Page title="Deliveries" subtitle="Every event, one line per dataset: where it is, and why.">
      <BlockStack gap="400">
        <Card>
          <InlineGrid columns={{ xs: 1, sm: 2, md: datasets.length > 1 ? 4 : 3 }} gap="300">
            <Select
              label="Event"
              options={[
                { value: "", label: "All events" },
                ...[...EVENT_NAMES, TEST_EVENT].map((name) => ({ value: name, label: name })),
              ]}
              value={query.get("event") ?? ""}
              onChange={(value) => choose("event", value)}
            />
            <Select
              label="Outcome"
              options={[{ value: "", label: "All outcomes" }, ...OUTCOME_OPTIONS]}
              value={query.get("outcome") ?? ""}
              onChange={(value) => choose("outcome", value)}
            />
            {datasets.length > 1 ? (
              <Select
                label="Dataset"
                options={[{ value: "", label: "All datasets" }, ...datasets]}
                value={query.get("dataset") ?? ""}
                onChange={(value) => choose("dataset", value)}
              />
            ) : null}
            <SearchField value={query.get("search") ?? ""} search={(words) => choose("search", words)} />
          </InlineGrid>
        </Card>
        <Card padding="0">
          {lines.length === 0 ? (
            <Nothing
              heading={filtered || query.has("before") ? "Nothing here fits" : "No event has arrived yet"}
              hint={filtered ? "Try fewer filters." : "Events appear here as soon as the shop is visited."}
              {...(filtered && { action: { label: "Show all", run: () => setQuery({}) } })}
            />
          ) : (
            <DeliveryTable lines={lines} timezone={timezone} />
          )}
        </Card>
        <InlineStack align="center" gap="200">
          {query.has("before") ? <Button onClick={() => choose("before", "")}>Newest</Button> : null}
          {next === null ? null : <Button onClick={() => choose("before", String(next))}>Older</Button>}
        </InlineStack>
      </BlockStack>
    </Page>
  );
}

/** Searches when the typing rests. */
function SearchField({ value, search }: { value: string; search: (words: string) => void }) {
  const [words, setWords] = useState(value);
  useEffect(() => {
    if (words === value) return;
    const rested = setTimeout(() => search(words), 400);
    return () => clearTimeout(rested);
  });
  return (
    <TextField
      label="Order or event id"
      value={words}
      onChange={setWords}
      autoComplete="off"
      clearButton
      onClearButtonClick={() => setWords("")}
    />
  );
}

function DeliveryTable({ lines, timezone }: { lines: DeliveryLine[]; timezone: string | null }) {
  const loading = useNavigation().state === "loading";
  const { smDown } = useBreakpoints();
  return (
    <IndexTable
      resourceName={{ singular: "delivery", plural: "deliveries" }}
      itemCount={lines.length}
      selectable={false}
      loading={loading}
      condensed={smDown}
      headings={[
        { title: "Event" },
        { title: "When" },
        { title: "Order" },
        { title: "Server leg" },
        { title: "Browser leg" },
      ]}
    >
      {lines.map((line, position) => (
        <IndexTable.Row key={line.id} id={String(line.id)} position={position}>
          {smDown ? <NarrowRow line={line} timezone={timezone} /> : <WideRow line={line} timezone={timezone} />}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

interface RowProps {
  line: DeliveryLine;
  timezone: string | null;
}

function WideRow({ line, timezone }: RowProps) {
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
      <IndexTable.Cell>
        <OutcomeBadge outcome={line.outcome} />
      </IndexTable.Cell>
      <IndexTable.Cell>{line.browserCopy === null ? "–" : TR_WORDS[line.browserCopy].label}</IndexTable.Cell>
    </>
  );
}

function NarrowRow({ line, timezone }: RowProps) {
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
        </Text>
        {line.browserCopy === null ? null : <Badge>{`Browser: ${TR_WORDS[line.browserCopy].label}`}</Badge>}
      </BlockStack>
    </div>
  );
}

export const ErrorBoundary = PageFault;
