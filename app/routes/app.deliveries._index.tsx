import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { BlockStack, Button, Card, InlineGrid, InlineStack, Page, Select, TextField } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { DeliveryTable } from "../components/delivery-table";
import { Nothing } from "../components/nothing";
import { OUTCOME_OPTIONS } from "../components/outcome-badge";
import { PageFault } from "../components/page-fault";
import { deliveriesOf } from "../diagnostics/deliveries.server";
import { TEST_EVENT } from "../events/catalog";
import { EVENT_NAMES } from "../events/names";
import { ORDER_SOURCE_NAMES, ORDER_SOURCES, ORDER_TRAIT_NAMES, ORDER_TRAITS } from "../events/order-sources";
import { OUTCOMES } from "../events/outcome";
import { rowIdOf } from "../events/row-id";
import { running } from "../running.server";
import type { Settings } from "../settings/settings";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Deliveries – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const query = new URL(request.url).searchParams;
  const filter = {
    event: query.get("event") || null,
    outcome: OUTCOMES.find((outcome) => outcome === query.get("outcome")) ?? null,
    dataset: query.get("dataset") || null,
    search: query.get("search")?.trim().slice(0, 100) || null,
    before: rowIdOf(query.get("before")),
  };
  const page = await deliveriesOf(running().db, shop, filter);
  return {
    ...page,
    // An address may name an event that the settings know no more.
    events: [...new Set([...eventNames(shop.settings), ...(filter.event === null ? [] : [filter.event])])],
    datasets: shop.datasets.map(({ dataset }) => dataset),
    timezone: shop.timezone,
  };
}

/** All that can be sent under these settings: the catalog's, and the merchant's own by rules and by the sources matrix. */
function eventNames({ rules, matrix }: Settings): string[] {
  const sources = ORDER_SOURCE_NAMES.filter((source) => matrix.sources[source] === "custom");
  const traits = ORDER_TRAIT_NAMES.filter((trait) => matrix.traits[trait] === "custom");
  return [
    ...EVENT_NAMES,
    ...rules.map(({ name }) => name),
    ...sources.map((source) => ORDER_SOURCES[source].custom),
    ...traits.map((trait) => ORDER_TRAITS[trait].custom),
    TEST_EVENT,
  ];
}

export default function DeliveriesPage() {
  const { lines, next, events, datasets, timezone } = useLoaderData<typeof loader>();
  const [query, setQuery] = useSearchParams();
  const choose = (name: string, value: string, { replace = false } = {}) => {
    const chosen = (before: URLSearchParams) => {
      const after = new URLSearchParams(before);
      if (value === "") after.delete(name);
      else after.set(name, value);
      if (name !== "before") after.delete("before");
      return after;
    };
    setQuery(chosen, { replace });
  };
  const filtered = ["event", "outcome", "dataset", "search"].some((name) => query.has(name));
  return (
    <Page title="Deliveries" subtitle="Every event, one line per dataset: where it is, and why.">
      <BlockStack gap="400">
        <Card>
          <InlineGrid columns={{ xs: 1, sm: 2, md: datasets.length > 1 ? 4 : 3 }} gap="300">
            <Select
              label="Event"
              options={[{ value: "", label: "All events" }, ...events.map((name) => ({ value: name, label: name }))]}
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
            <SearchField
              value={query.get("search") ?? ""}
              search={(words) => choose("search", words, { replace: true })}
            />
          </InlineGrid>
        </Card>
        <Card padding="0">
          {lines.length === 0 ? (
            <Nothing
              heading={filtered || query.has("before") ? "Nothing here fits" : "No event has arrived yet"}
              hint={hintFor(filtered, next)}
              {...(filtered && { action: { label: "Show all", run: () => setQuery({}) } })}
            />
          ) : (
            <DeliveryTable lines={lines} timezone={timezone} datasets={datasets.length > 1} />
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

function hintFor(filtered: boolean, next: number | null): string {
  if (next !== null) return "None among those looked through. Older ones can be looked through as well.";
  return filtered ? "Try fewer filters." : "Events appear here as soon as the shop is visited.";
}

const REST_MS = 400;

/** Searches when the typing rests; follows the address, whoever changes that. */
function SearchField({ value, search }: { value: string; search: (words: string) => void }) {
  const [words, setWords] = useState(value);
  const resting = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => setWords(value), [value]);
  useEffect(() => () => clearTimeout(resting.current), []);
  const type = (typed: string) => {
    setWords(typed);
    clearTimeout(resting.current);
    resting.current = setTimeout(() => search(typed), REST_MS);
  };
  return (
    <TextField
      label="Order or event id"
      value={words}
      onChange={type}
      autoComplete="off"
      clearButton
      onClearButtonClick={() => type("")}
    />
  );
}

export const ErrorBoundary = PageFault;
