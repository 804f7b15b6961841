import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Button,
  Card,
  DataTable,
  Icon,
  InlineStack,
  Page,
  Text,
  useBreakpoints,
} from "@shopify/polaris";
import { AlertCircleIcon, CheckCircleIcon } from "@shopify/polaris-icons";
import { Instant } from "../components/instant";
import { Nothing } from "../components/nothing";
import { PageFault } from "../components/page-fault";
import { type EventDay, overviewOf, type SetUp } from "../diagnostics/overview.server";
import { wordsOf } from "../diagnostics/words";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Overview – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, graphql } = await authenticatedShop(request);
  const { db, now, pixels, registry } = running();
  await pixels.welcome(shop.domain, graphql);
  const current = registry.shop(shop.domain) ?? shop;
  const overview = await overviewOf(db, current, pixels.isCurrent(current), now());
  return {
    ...overview,
    held: overview.held.map(({ dataset, reason }) => ({ dataset, says: wordsOf(reason) })),
    pixelFault: current.webPixel.fault,
    timezone: current.timezone,
  };
}

interface Step {
  is: keyof SetUp;
  done: string;
  toDo: string;
  link?: { label: string; to: string };
}

const STEPS: readonly Step[] = [
  {
    is: "dataset",
    done: "A Meta dataset is connected",
    toDo: "Connect a Meta dataset",
    link: { label: "Connect a dataset", to: "/app/settings" },
  },
  {
    is: "token",
    done: "Meta accepts its access token",
    toDo: "Meta has not accepted the access token yet",
    link: { label: "Send a test event", to: "/app/settings" },
  },
  { is: "pixel", done: "The pixel runs in your shop", toDo: "Shopify has not taken the pixel's settings yet" },
  { is: "beacon", done: "The pixel has been heard", toDo: "Open your shop once, so that the pixel is heard" },
  { is: "accepted", done: "Meta has accepted an event", toDo: "Meta has not accepted an event of the shop yet" },
];

export default function OverviewPage() {
  const { setUp, today, since, held, pixelFault, timezone } = useLoaderData<typeof loader>();
  return (
    <Page title="Overview">
      <BlockStack gap="400">
        {held.map(({ dataset, says }) => (
          <Banner
            key={dataset}
            tone="critical"
            title={`Nothing leaves for dataset ${dataset}`}
            action={{ content: "Open settings", url: "/app/settings" }}
          >
            <p>{says} Events are kept and leave when it is mended, as long as Meta takes them.</p>
          </Banner>
        ))}
        {pixelFault === null ? null : (
          <Banner tone="warning" title="Shopify did not take the pixel's settings">
            <p>{pixelFault} Tandem tries again every minute.</p>
          </Banner>
        )}
        <SetUpCard setUp={setUp} />
        <Card>
          <BlockStack gap="300">
            <BlockStack gap="100">
              <Text as="h2" variant="headingMd">
                Today
              </Text>
              <Text as="p" tone="subdued">
                Since <Instant at={since} timezone={timezone} />. The server's numbers are Meta's answers; what left a
                browser, Meta never confirms.
              </Text>
            </BlockStack>
            <Today days={today} />
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function SetUpCard({ setUp }: { setUp: SetUp }) {
  const done = STEPS.filter(({ is }) => setUp[is]).length;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            Set-up
          </Text>
          <Text as="span" tone="subdued">
            {done} of {STEPS.length} done
          </Text>
        </InlineStack>
        <ol style={{ listStyle: "none", margin: 0, padding: 0, display: "grid", gap: "0.75rem" }}>
          {STEPS.map((step) => (
            <li key={step.is}>
              <SetUpStep step={step} done={setUp[step.is]} />
            </li>
          ))}
        </ol>
      </BlockStack>
    </Card>
  );
}

function SetUpStep({ step, done }: { step: Step; done: boolean }) {
  return (
    <InlineStack gap="200" blockAlign="center" wrap={false}>
      <span style={{ flex: "none" }}>
        <Icon
          source={done ? CheckCircleIcon : AlertCircleIcon}
          tone={done ? "success" : "subdued"}
          accessibilityLabel={done ? "Done" : "To do"}
        />
      </span>
      <InlineStack gap="200" blockAlign="center">
        <Text as="span" {...(done && { tone: "subdued" })}>
          {done ? step.done : step.toDo}
        </Text>
        {done || step.link === undefined ? null : (
          <Button variant="plain" url={step.link.to}>
            {step.link.label}
          </Button>
        )}
      </InlineStack>
    </InlineStack>
  );
}

const NUMBERS = [
  ["leftBrowser", "Left the browser"],
  ["stoppedInBrowser", "Stopped in the browser"],
  ["accepted", "Accepted by Meta"],
  ["waiting", "Waiting"],
  ["notSent", "Not sent by a rule"],
  ["failed", "Failed"],
] as const satisfies readonly (readonly [keyof EventDay, string])[];

function Today({ days }: { days: EventDay[] }) {
  const { smDown } = useBreakpoints();
  if (days.length === 0) {
    return (
      <Nothing
        heading="Nothing has happened yet today"
        hint="Page views, carts and orders appear here within seconds."
      />
    );
  }
  if (smDown) return <NarrowDays days={days} />;
  return (
    <DataTable
      columnContentTypes={["text", ...NUMBERS.map(() => "numeric" as const)]}
      headings={["Event", ...NUMBERS.map(([, label]) => label)]}
      rows={days.map((day) => [day.event, ...NUMBERS.map(([number]) => day[number])])}
      increasedTableDensity
      hoverable
    />
  );
}

/** Where a table would have to scroll sideways: one paragraph an event, with the numbers that are not zero. */
function NarrowDays({ days }: { days: EventDay[] }) {
  return (
    <BlockStack gap="300">
      {days.map((day) => (
        <BlockStack key={day.event} gap="050">
          <Text as="h3" variant="headingSm">
            {day.event}
          </Text>
          <Text as="p" tone="subdued">
            {NUMBERS.flatMap(([number, label]) => (day[number] > 0 ? [`${label}: ${day[number]}`] : [])).join(" · ")}
          </Text>
        </BlockStack>
      ))}
    </BlockStack>
  );
}

export const ErrorBoundary = PageFault;
