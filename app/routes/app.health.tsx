import { defer, type LoaderFunctionArgs } from "@remix-run/node";
import { Await, useLoaderData } from "@remix-run/react";
import { BlockStack, Card, DescriptionList, Link, List, Page, SkeletonBodyText, Text } from "@shopify/polaris";
import { type ReactNode, Suspense } from "react";
import { DETECTOR_KINDS, DETECTORS } from "../alerts/detectors";
import { DatasetDay } from "../components/health/dataset-day";
import { DatasetQueue } from "../components/health/dataset-queue";
import { PixelHeartbeat, PixelRecord } from "../components/health/pixel";
import { Instant } from "../components/instant";
import { Nothing } from "../components/nothing";
import { PageFault } from "../components/page-fault";
import { healthOf } from "../diagnostics/detectors.server";
import { heartbeatOf, lastDayOf, queueNow } from "../diagnostics/flow.server";
import { wordsOf } from "../diagnostics/words";
import { running } from "../running.server";
import { connectedDatasets, type Shop } from "../settings/registry.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Health – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, store, now, pixels } = running();
  const at = now();
  // Before anything is awaited: what is slow is under way meanwhile.
  const later = {
    days: lastDayOf(db, store, shop, at),
    heartbeat: heartbeatOf(db, shop, at),
    found: foundIn(shop, at),
  };
  const { fault, acceptedAt } = shop.webPixel;
  return defer({
    at,
    datasets: await Promise.all(
      connectedDatasets(shop).map(async (dataset) => ({
        dataset: dataset.dataset,
        held: dataset.heldReason === null ? null : wordsOf(dataset.heldReason),
        queue: await queueNow(store, dataset, at),
      })),
    ),
    pixel: { current: pixels.isCurrent(shop), fault, acceptedAt },
    timezone: shop.timezone,
    ...later,
  });
}

/** What the detectors find, in words. */
async function foundIn(shop: Shop, at: number) {
  const { db, store } = running();
  const { lookedAt, findings } = await healthOf(db, store, shop, at);
  const name = shop.domain.replace(/\.myshopify\.com$/, "");
  return {
    lookedAt,
    findings: findings.map(({ kind, says, since }) => {
      const { label, means, mend, place } = DETECTORS[kind];
      return { kind, label, says, means, mend, since, place: place === null ? null : place(name) };
    }),
  };
}

type Health = Awaited<ReturnType<typeof foundIn>>;

export default function HealthPage() {
  const { at, datasets, pixel, days, heartbeat, found, timezone } = useLoaderData<typeof loader>();
  const heldOf = (dataset: string) => datasets.find((one) => one.dataset === dataset)?.held ?? null;
  return (
    <Page title="Health" subtitle="What flows at the moment, and what is wrong without any single event saying so.">
      <BlockStack gap="400">
        <Part title="At the moment">
          {datasets.length === 0 ? <Text as="p">No dataset is connected.</Text> : null}
          {datasets.map((view) => (
            <DatasetQueue key={view.dataset} view={view} now={at} timezone={timezone} />
          ))}
        </Part>
        <Part title="In the last 24 hours">
          <Later of={days}>
            {(told) =>
              told.map((day) => (
                <DatasetDay key={day.dataset} {...day} held={heldOf(day.dataset)} timezone={timezone} />
              ))
            }
          </Later>
        </Part>
        <Part title="The pixel">
          <Text as="p">
            <PixelRecord record={pixel} timezone={timezone} />
          </Text>
          <Later of={heartbeat}>{(told) => <PixelHeartbeat heartbeat={told} timezone={timezone} />}</Later>
        </Part>
        <Later of={found} waiting={<Part title="What is wrong" />}>
          {(health) => <Findings health={health} timezone={timezone} />}
        </Later>
      </BlockStack>
    </Page>
  );
}

function Part({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        {children ?? <SkeletonBodyText />}
      </BlockStack>
    </Card>
  );
}

interface LaterProps<Told> {
  /** A promise. */
  of: Told;
  /** What stands in its place until it is there. */
  waiting?: ReactNode;
  children: (told: Awaited<Told>) => ReactNode;
}

/** What takes longer than the rest of the page. */
function Later<Told>({ of, waiting = <SkeletonBodyText />, children }: LaterProps<Told>) {
  return (
    <Suspense fallback={waiting}>
      <Await resolve={of} errorElement={<Text as="p">This could not be counted just now; look again later.</Text>}>
        {children}
      </Await>
    </Suspense>
  );
}

function Findings({ health: { lookedAt, findings }, timezone }: { health: Health; timezone: string | null }) {
  return (
    <BlockStack gap="400">
      {findings.length === 0 ? (
        <Card>
          <Nothing heading="Nothing else was found" hint="All that is watched stands below." />
        </Card>
      ) : (
        findings.map((finding) => (
          <Found key={`${finding.kind} ${finding.says}`} finding={finding} timezone={timezone} />
        ))
      )}
      <Part title="What is watched">
        <List>
          {DETECTOR_KINDS.map((kind) => (
            <List.Item key={kind}>{DETECTORS[kind].label}</List.Item>
          ))}
        </List>
        <Text as="p" tone="subdued">
          Looked at <Instant at={lookedAt} timezone={timezone} />, in counts and in the latest orders and events. Where
          there are too few of them to tell, nothing is said.
        </Text>
      </Part>
    </BlockStack>
  );
}

function Found({ finding, timezone }: { finding: Health["findings"][number]; timezone: string | null }) {
  const { label, says, means, mend, since, place } = finding;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {label}
        </Text>
        <DescriptionList
          items={[
            { term: "Seen", description: says },
            { term: "What it means", description: means },
            {
              term: "What to do",
              description: (
                <>
                  {mend}
                  {place === null ? null : (
                    <>
                      {" "}
                      <Link url={place.url} {...(place.url.startsWith("https:") && { target: "_blank" as const })}>
                        {place.label}
                      </Link>
                    </>
                  )}
                </>
              ),
            },
            ...(since === null ? [] : [{ term: "Since", description: <Instant at={since} timezone={timezone} /> }]),
          ]}
        />
      </BlockStack>
    </Card>
  );
}

export const ErrorBoundary = PageFault;
