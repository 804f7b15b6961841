import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { BlockStack, Card, Link, Page, Select, Text } from "@shopify/polaris";
import { EventTable } from "../components/match-quality/event-table";
import { MetaRefusal } from "../components/match-quality/meta-refusal";
import { Nothing } from "../components/nothing";
import { PageFault } from "../components/page-fault";
import { matchQualityOf } from "../diagnostics/match-quality.server";
import { chosenDataset, matchQualityUrl } from "../diagnostics/match-quality-query";
import { scoreOf } from "../diagnostics/meta-quality";
import { metaQualityOf } from "../diagnostics/meta-quality.server";
import { graded, WEIGHTY_KEYS } from "../diagnostics/quality-keys";
import { eventLabel } from "../events/catalog";
import { running } from "../running.server";
import { connectedDatasets } from "../settings/registry.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Match quality – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, store, now } = running();
  const connected = connectedDatasets(shop);
  const place = chosenDataset(new URL(request.url).searchParams, connected);
  const [quality, said] = place
    ? await Promise.all([matchQualityOf(store, shop, place, now()), metaQualityOf(db, place)])
    : [null, null];
  return {
    refusal: said && { refusal: said.refusal, answeredAt: said.answeredAt },
    timezone: shop.timezone,
    dataset: place?.dataset ?? null,
    keys: [...WEIGHTY_KEYS],
    datasets: connected.map(({ dataset }) => dataset),
    rows: (quality?.events ?? []).map((coverage) => ({
      ...coverage,
      label: eventLabel(coverage.event),
      url: matchQualityUrl(coverage.event, place?.dataset ?? ""),
      grade: graded(coverage.server),
      score: said && scoreOf(said, coverage.event),
    })),
  };
}

export default function MatchQualityPage() {
  const { dataset, datasets, keys, rows, refusal, timezone } = useLoaderData<typeof loader>();
  const [, setQuery] = useSearchParams();
  return (
    <Page
      title="Match quality"
      subtitle="How well Meta can tell who did what: the keys that your events carried in the last seven days, counted in what was sent."
    >
      <BlockStack gap="400">
        {datasets.length > 1 ? (
          <Select
            label="Dataset"
            options={datasets}
            value={dataset ?? ""}
            onChange={(chosen) => setQuery({ dataset: chosen })}
          />
        ) : null}
        {refusal === null ? null : <MetaRefusal quality={refusal} timezone={timezone} />}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              The server's copies
            </Text>
            {rows.length === 0 ? (
              <Nothing
                heading={dataset === null ? "No dataset is connected" : "Meta has taken no event yet"}
                hint={
                  dataset === null
                    ? "Connect one in Settings."
                    : "Page views, carts and orders are counted here once Meta has said yes to them."
                }
              />
            ) : (
              <>
                <EventTable rows={rows} keys={keys} />
                <Text as="p" tone="subdued">
                  A score is Meta's, of all that it gets for this dataset. A grade is ours, where Meta gives no score,
                  by Meta's published priorities: strong is a key of high priority and three of medium on most events,
                  fair is one of high or three of medium. The bars are counted here, in what was sent. Light blue is
                  what is known here and not sent. Both copies: of so many the browser's left as well.{" "}
                  <Link url="/app/health">What looks wrong stands on Health.</Link>
                </Text>
              </>
            )}
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

export const ErrorBoundary = PageFault;
