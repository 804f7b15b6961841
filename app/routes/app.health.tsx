import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, DescriptionList, Link, List, Page, Text } from "@shopify/polaris";
import { DETECTOR_KINDS, DETECTORS } from "../alerts/detectors";
import { Instant } from "../components/instant";
import { Nothing } from "../components/nothing";
import { PageFault } from "../components/page-fault";
import { healthOf } from "../diagnostics/detectors.server";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Health – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, store, now } = running();
  const { lookedAt, findings } = await healthOf(db, store, shop, now());
  const name = shop.domain.replace(/\.myshopify\.com$/, "");
  return {
    lookedAt,
    findings: findings.map(({ kind, says, since }) => {
      const { label, means, mend, place } = DETECTORS[kind];
      return { kind, label, says, means, mend, since, place: place === null ? null : place(name) };
    }),
    timezone: shop.timezone,
  };
}

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>;

export default function HealthPage() {
  const { lookedAt, findings, timezone } = useLoaderData<typeof loader>();
  return (
    <Page title="Health" subtitle="What is wrong without any single event saying so.">
      <BlockStack gap="400">
        {findings.length === 0 ? (
          <Card>
            <Nothing heading="Nothing was found" hint="All that is watched stands below." />
          </Card>
        ) : (
          findings.map((finding) => (
            <Found key={`${finding.kind} ${finding.says}`} finding={finding} timezone={timezone} />
          ))
        )}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What is watched
            </Text>
            <List>
              {DETECTOR_KINDS.map((kind) => (
                <List.Item key={kind}>{DETECTORS[kind].label}</List.Item>
              ))}
            </List>
            <Text as="p" tone="subdued">
              Looked at <Instant at={lookedAt} timezone={timezone} />, in counts and in the latest orders and events.
              Where there are too few of them to tell, nothing is said.
            </Text>
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function Found({ finding, timezone }: { finding: Loaded["findings"][number]; timezone: string | null }) {
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
