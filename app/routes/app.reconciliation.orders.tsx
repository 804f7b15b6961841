import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Page } from "@shopify/polaris";
import { Nothing } from "../components/nothing";
import { PageFault } from "../components/page-fault";
import { downloadLines } from "../components/reconciliation/download";
import { OrderTable } from "../components/reconciliation/order-table";
import { gapWords, standstillOf } from "../diagnostics/gap-words";
import { ordersOf, placeOf } from "../diagnostics/reconciliation.server";
import { reconciliationQuery, spanOf } from "../diagnostics/reconciliation-query";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Orders – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { store, now } = running();
  const address = new URL(request.url).searchParams;
  const query = reconciliationQuery(address, shop, now());
  const filter = { span: spanOf(query.days), ...query };
  const { lines, next } = await ordersOf(store, shop.id, filter, placeOf(address.get("after")));
  const { outcome, reason } = query;
  const chosen = shop.datasets.find(({ id }) => id === query.datasetId);
  const still = chosen === undefined ? null : standstillOf(chosen, now());
  return {
    orders: lines.map((line) => ({
      delivery: line.eventRowId,
      order: line.order,
      at: line.createdAt,
      source: line.source,
      outcome: line.outcome,
      reason: line.reason,
      browser: line.browser,
      value: line.value,
      currency: line.currency,
      dataset: shop.datasets.find(({ id }) => id === line.datasetId)?.dataset ?? "",
    })),
    next,
    says: outcome === null || outcome === "accepted" ? null : gapWords(outcome, reason || null, still).says,
    timezone: shop.timezone,
    several: shop.datasets.length > 1,
    fault: query.fault,
  };
}

export default function OrdersPage() {
  const { orders, next, says, timezone, several, fault } = useLoaderData<typeof loader>();
  const [query, setQuery] = useSearchParams();
  const go = (after: string | null) =>
    setQuery((before) => {
      const changed = new URLSearchParams(before);
      if (after === null) changed.delete("after");
      else changed.set("after", after);
      return changed;
    });
  const back = new URLSearchParams([...query].filter(([name]) => ["from", "to", "dataset"].includes(name)));
  return (
    <Page
      title="Orders"
      subtitle={says ?? "Each with its last word, newest first."}
      backAction={{ content: "Reconciliation", url: `/app/reconciliation?${back}` }}
      {...(orders.length > 0 && {
        primaryAction: {
          content: "Download CSV",
          onAction: () => downloadLines(`/app/reconciliation/orders?${query}`),
        },
      })}
    >
      <BlockStack gap="400">
        {fault === null ? null : (
          <Banner tone="warning" title={fault}>
            <p>These are the orders of the last seven days.</p>
          </Banner>
        )}
        <Card padding="0">
          {orders.length === 0 ? (
            <Nothing heading="No order fits" hint="It may have become something else since." />
          ) : (
            <OrderTable orders={orders} timezone={timezone} datasets={several} />
          )}
        </Card>
        <InlineStack align="center" gap="200">
          {query.has("after") ? <Button onClick={() => go(null)}>Newest</Button> : null}
          {next === null ? null : <Button onClick={() => go(next)}>Older</Button>}
        </InlineStack>
      </BlockStack>
    </Page>
  );
}

export const ErrorBoundary = PageFault;
