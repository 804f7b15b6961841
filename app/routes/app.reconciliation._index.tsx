import { setTimeout as sleep } from "node:timers/promises";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { BlockStack, Card, Link, Page, Text } from "@shopify/polaris";
import { Nothing } from "../components/nothing";
import { OutcomeBadge } from "../components/outcome-badge";
import { PageFault } from "../components/page-fault";
import { AdsManager } from "../components/reconciliation/ads-manager";
import { AmountText, Line } from "../components/reconciliation/amounts";
import { OrdersByDay } from "../components/reconciliation/chart";
import { downloadLines } from "../components/reconciliation/download";
import { Gaps } from "../components/reconciliation/gaps";
import { LastSweep } from "../components/reconciliation/last-sweep";
import { Range } from "../components/reconciliation/range";
import { counted } from "../counted";
import { gapWords, standstillOf } from "../diagnostics/gap-words";
import { lastOrderSweep } from "../diagnostics/last-sweep.server";
import { reconciliationOf } from "../diagnostics/reconciliation.server";
import { ordersUrl, reconciliationQuery } from "../diagnostics/reconciliation-query";
import { running } from "../running.server";
import { policyOf } from "../settings/settings";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Reconciliation – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, store, now } = running();
  const query = reconciliationQuery(new URL(request.url).searchParams, shop, now());
  const [{ gaps, ...reconciliation }, lastSweep] = await Promise.all([
    reconciliationOf(store, shop.id, query.days, query.datasetId),
    lastOrderSweep(db, shop.id),
  ]);
  const chosen = shop.datasets.find(({ id }) => id === query.datasetId);
  const still = chosen === undefined ? null : standstillOf(chosen, now());
  return {
    paidDays: chosen !== undefined && policyOf(shop.settings, chosen.dataset).trigger === "payment",
    reconciliation: { ...reconciliation, gaps },
    gaps: gaps.map((gap) => ({
      ...gap,
      ...gapWords(gap.outcome, gap.reason, still),
      orders: ordersUrl(query, { outcome: gap.outcome, reason: gap.reason }),
    })),
    sources: reconciliation.sources.map((source) => ({ ...source, orders: ordersUrl(query, { source: source.key }) })),
    events: reconciliation.events.map((event) => ({ ...event, orders: ordersUrl(query, { event: event.key }) })),
    degraded: ordersUrl(query, { outcome: "accepted", reason: "degraded" }),
    lastSweep,
    timezone: shop.timezone,
    days: query.days,
    fault: query.fault,
    dataset: query.dataset,
    datasets: shop.datasets.map(({ dataset }) => dataset),
    allOrders: ordersUrl(query),
    currency: shop.currency,
  };
}

/** A look takes seconds; a shop with very many orders is not waited for. */
const PATIENCE_MS = 8_000;

/** Asks Shopify now whether it has orders that it did not tell of. */
export async function action({ request }: ActionFunctionArgs): Promise<{ looked: boolean }> {
  const { shop } = await authenticatedShop(request);
  const looked = running().sweeper.sweepNow(shop);
  return { looked: await Promise.race([looked, sleep(PATIENCE_MS, false, { ref: false })]) };
}

export default function ReconciliationPage() {
  const { reconciliation, gaps, sources, events, days, fault, dataset, datasets, allOrders, currency, ...data } =
    useLoaderData<typeof loader>();
  const [query, setQuery] = useSearchParams();
  const { all, accepted, degraded } = reconciliation;
  const choose = (name: string, value: string) =>
    setQuery((before) => {
      const after = new URLSearchParams(before);
      if (value === "") after.delete(name);
      else after.set(name, value);
      return after;
    });
  const from = query.get("from") ?? days[0]?.date ?? "";
  const to = query.get("to") ?? days.at(-1)?.date ?? "";
  return (
    <Page
      title="Reconciliation"
      subtitle={
        datasets.length > 1
          ? `Every order of the shop, and what became of it for dataset ${dataset}.`
          : "Every order of the shop, and what became of it at Meta."
      }
      {...(all.count > 0 && {
        primaryAction: { content: "Download CSV", onAction: () => downloadLines(allOrders) },
      })}
    >
      <BlockStack gap="400">
        <Card>
          <Range from={from} to={to} datasets={datasets} dataset={dataset} fault={fault} choose={choose} />
        </Card>
        {all.count === 0 ? (
          <Card>
            <Nothing heading="No orders in these days" hint="Orders appear here some seconds after they are placed." />
          </Card>
        ) : (
          <>
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingLg">
                  {accepted.count.toLocaleString("en")} of {all.count.toLocaleString("en")} orders accepted by Meta
                </Text>
                <Line numbers={<AmountText amount={all} currency={currency} />}>
                  <Link url={allOrders}>All orders</Link>
                </Line>
                {reconciliation.outcomes.map(({ key, ...amount }) => (
                  <Line key={key} numbers={<AmountText amount={amount} currency={currency} />}>
                    <OutcomeBadge outcome={key} />
                  </Line>
                ))}
                {degraded.count === 0 ? null : (
                  <Text as="p" tone="subdued">
                    <Link url={data.degraded}>{counted(degraded.count, "accepted order")}</Link> came without a webhook,
                    and nothing was known of the browser: Meta has less to match {degraded.count === 1 ? "it" : "them"}{" "}
                    by.
                  </Text>
                )}
              </BlockStack>
            </Card>
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  By day
                </Text>
                {data.paidDays ? (
                  <Text as="p" tone="subdued">
                    An order stands on the day it was paid: that is when it counts for this dataset.
                  </Text>
                ) : null}
                <OrdersByDay days={days} counts={reconciliation.days} />
              </BlockStack>
            </Card>
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  Where the others are
                </Text>
                {gaps.length === 0 ? <Text as="p">All are with Meta.</Text> : <Gaps gaps={gaps} currency={currency} />}
              </BlockStack>
            </Card>
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  By where they came from
                </Text>
                {sources.map((source) => (
                  <Line
                    key={source.key}
                    numbers={
                      <>
                        {source.accepted.count.toLocaleString("en")} of{" "}
                        <AmountText amount={source.all} currency={currency} />
                      </>
                    }
                  >
                    <Link url={source.orders}>{source.label}</Link>
                  </Line>
                ))}
              </BlockStack>
            </Card>
            {events.length < 2 ? null : (
              <Card>
                <BlockStack gap="300">
                  <Text as="h2" variant="headingMd">
                    By event
                  </Text>
                  {events.map(({ key, orders, ...amount }) => (
                    <Line key={key} numbers={<AmountText amount={amount} currency={currency} />}>
                      <Link url={orders}>{key}</Link>
                    </Line>
                  ))}
                </BlockStack>
              </Card>
            )}
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  And Ads Manager?
                </Text>
                <AdsManager reconciliation={reconciliation} />
              </BlockStack>
            </Card>
          </>
        )}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Are these all orders?
            </Text>
            <LastSweep last={data.lastSweep} timezone={data.timezone} />
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

export const ErrorBoundary = PageFault;
