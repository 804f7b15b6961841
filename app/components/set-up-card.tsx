import { BlockStack, Button, Card, Icon, InlineStack, Text } from "@shopify/polaris";
import { AlertCircleIcon, CheckCircleIcon } from "@shopify/polaris-icons";
import type { SetUp } from "../diagnostics/overview";

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

/** The way from installation to the first accepted event, each step as it was found. */
export function SetUpCard({ setUp }: { setUp: SetUp }) {
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
