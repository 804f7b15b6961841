import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, Divider, Link, Page, Text } from "@shopify/polaris";
import { Instant } from "../components/instant";
import { LegsTable } from "../components/legs-table";
import { Nothing } from "../components/nothing";
import { PageFault } from "../components/page-fault";
import { Parity } from "../components/parity";
import { counted } from "../counted";
import { COMPARED_ORDERS, comparedOrders, distinctOrders, isUnequal, legsByEvent } from "../diagnostics/parity.server";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Both copies – Tandem" }];

const DAYS = 7;
const DAY_MS = 86_400_000;
/** A page that is read by a person. */
const MOST_SHOWN = 50;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, store, now } = running();
  const since = now() - DAYS * DAY_MS;
  const [legs, compared] = await Promise.all([
    legsByEvent(db, store, shop, since),
    comparedOrders(store, shop, since, COMPARED_ORDERS),
  ]);
  const unequal = compared.filter(({ parity }) => isUnequal(parity));
  return {
    legs,
    compared: distinctOrders(compared),
    comparable: distinctOrders(compared.filter(({ parity }) => parity.differs !== null)),
    unequal: unequal.slice(0, MOST_SHOWN).map(({ row, parity }) => ({
      id: row.id,
      order: row.orderId,
      event: row.name,
      dataset: shop.datasets.find(({ id }) => id === row.datasetId)?.dataset ?? "",
      at: row.eventTime,
      parity,
    })),
    unequalCount: unequal.length,
    datasets: shop.datasets.length,
    timezone: shop.timezone,
  };
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

export default function ParityPage() {
  const { legs, datasets, timezone, ...orders } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Both copies"
      subtitle="Every event leaves twice, from the browser and from the server, and Meta keeps one. Whether they match stands here."
    >
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Orders of the last {DAYS} days
            </Text>
            {legs.orders.length === 0 ? (
              <Nothing heading="No order has ended yet" hint="Orders appear here within seconds of being sent." />
            ) : (
              <LegsTable rows={legs.orders} datasets={datasets > 1} />
            )}
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Orders whose copies differ
            </Text>
            <Unequal {...orders} datasets={datasets} timezone={timezone} />
          </BlockStack>
        </Card>
        {legs.sample.length === 0 ? null : (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Other events
              </Text>
              <Text as="p" tone="subdued">
                A sample: the latest {counted(legs.sampled, "event")}
                {legs.sampledSince === null ? null : (
                  <>
                    , since <Instant at={legs.sampledSince} timezone={timezone} />
                  </>
                )}
                .
              </Text>
              <LegsTable rows={legs.sample} datasets={datasets > 1} />
            </BlockStack>
          </Card>
        )}
      </BlockStack>
    </Page>
  );
}

type UnequalProps = Pick<Loaded, "compared" | "comparable" | "unequal" | "unequalCount" | "datasets" | "timezone">;

function Unequal({ compared, comparable, unequal, unequalCount, datasets, timezone }: UnequalProps) {
  const looked = `Looked at: the last ${counted(compared, "order")}. Of ${comparable} of them it is known what both copies told.`;
  return (
    <>
      <Text as="p" tone="subdued">
        {looked}
      </Text>
      {unequal.length === 0 ? (
        <Text as="p">No two copies were found that differ, or that Meta would count twice.</Text>
      ) : (
        unequal.map(({ id, order, event, dataset, at, parity }, n) => (
          <BlockStack key={id} gap="200">
            {n === 0 ? null : <Divider />}
            <Text as="h3" variant="headingSm">
              <Link url={`/app/deliveries/${id}`} removeUnderline>
                {order === null ? event : `Order ${order}`}
              </Link>
            </Text>
            <Text as="p" tone="subdued">
              <Instant at={at} timezone={timezone} />
              {datasets > 1 ? `, dataset ${dataset}` : null}
            </Text>
            <Parity parity={parity} />
          </BlockStack>
        ))
      )}
      {unequalCount > unequal.length ? (
        <Text as="p" tone="subdued">
          And {unequalCount - unequal.length} more{datasets > 1 ? ", each dataset's counted" : ""}.
        </Text>
      ) : null}
    </>
  );
}

export const ErrorBoundary = PageFault;
