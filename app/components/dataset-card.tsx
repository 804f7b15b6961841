import { useFetcher } from "@remix-run/react";
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  Divider,
  FormLayout,
  InlineStack,
  Modal,
  Text,
  TextField,
} from "@shopify/polaris";
import { useEffect, useState } from "react";
import { Instant } from "./instant";
import { Verbatim } from "./verbatim";

/** A connected dataset as its card shows it; the token stays where it is. */
export interface DatasetView {
  dataset: string;
  /** Why nothing leaves for it; null: it flows. */
  held: string | null;
  testCode: string | null;
  /** When the test code clears itself, epoch milliseconds. */
  testCodeUntil: number | null;
  holdSeconds: number;
}

/** What an intent of the settings page led to. */
export interface SettingsAnswer {
  /** A message for each field that is not as it should be. */
  faults: Record<string, string>;
  /** What happened, in a sentence; null: nothing did. */
  done: string | null;
  /** Meta's answer to a test event. */
  test: { eventId: string; accepted: boolean; status: number | null; answer: string; says: string } | null;
}

interface CardProps {
  view: DatasetView;
  timezone: string | null;
}

/** One dataset: its state, its settings, its token, a test, and the way out. */
export function DatasetCard({ view, timezone }: CardProps) {
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Dataset {view.dataset}
          </Text>
          <Badge tone={view.held === null ? "success" : "critical"}>
            {view.held === null ? "Connected" : "On hold"}
          </Badge>
        </InlineStack>
        {view.held === null ? null : <Banner tone="critical">{view.held}</Banner>}
        {view.testCode === null || view.testCodeUntil === null ? null : (
          <Banner tone="warning" title={`Test code ${view.testCode} is set`}>
            <p>
              Everything this dataset gets carries it and shows under Test Events. It clears itself at{" "}
              <Instant at={view.testCodeUntil} timezone={timezone} />.
            </p>
          </Banner>
        )}
        <Configuration view={view} />
        <Divider />
        <TestEvent dataset={view.dataset} />
        <Divider />
        <InlineStack align="space-between" gap="300" blockAlign="end">
          <NewToken dataset={view.dataset} />
          <Disconnect dataset={view.dataset} />
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function Configuration({ view }: { view: DatasetView }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [testCode, setTestCode] = useState(view.testCode ?? "");
  const [holdSeconds, setHoldSeconds] = useState(String(view.holdSeconds));
  const faults = fetcher.data?.faults ?? {};
  const changed = testCode !== (view.testCode ?? "") || holdSeconds !== String(view.holdSeconds);
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="configure" />
      <input type="hidden" name="dataset" value={view.dataset} />
      <FormLayout>
        <FormLayout.Group>
          <TextField
            label="Test event code"
            name="testCode"
            value={testCode}
            onChange={setTestCode}
            error={faults.testCode ?? false}
            helpText="From Test Events in Events Manager. Leave it empty for normal operation."
            autoComplete="off"
          />
          <TextField
            label="Hold a Purchase for"
            name="holdSeconds"
            type="number"
            min={0}
            max={300}
            suffix="seconds"
            value={holdSeconds}
            onChange={setHoldSeconds}
            error={faults.holdSeconds ?? false}
            helpText="So that the shopper's browser can add what it knows. 0 to 300."
            autoComplete="off"
          />
        </FormLayout.Group>
        <InlineStack gap="300" blockAlign="center">
          <Button submit disabled={!changed} loading={fetcher.state !== "idle"}>
            Save
          </Button>
          <Done answer={fetcher.data} />
        </InlineStack>
      </FormLayout>
    </fetcher.Form>
  );
}

function TestEvent({ dataset }: { dataset: string }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const test = fetcher.data?.test ?? null;
  return (
    <BlockStack gap="300">
      <InlineStack gap="300" blockAlign="center">
        <Button
          onClick={() => fetcher.submit({ intent: "test", dataset }, { method: "post" })}
          loading={fetcher.state !== "idle"}
        >
          Send a test event
        </Button>
        <Text as="span" tone="subdued">
          A custom event named TandemTest, without a value.
        </Text>
      </InlineStack>
      <div aria-live="polite">
        {test === null ? null : (
          <BlockStack gap="200">
            <Banner tone={test.accepted ? "success" : "critical"} title={test.says}>
              <p>
                {test.status === null ? "No answer" : `HTTP ${test.status}`} for {test.eventId}. Meta's answer, word for
                word:
              </p>
            </Banner>
            <Verbatim label="Meta's answer" text={test.answer} />
          </BlockStack>
        )}
      </div>
    </BlockStack>
  );
}

function NewToken({ dataset }: { dataset: string }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [token, setToken] = useState("");
  const done = fetcher.data?.done ?? null;
  useEffect(() => {
    if (done !== null) setToken("");
  }, [done]);
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="connect" />
      <input type="hidden" name="dataset" value={dataset} />
      <TextField
        label="New access token"
        name="token"
        type="password"
        value={token}
        onChange={setToken}
        error={fetcher.data?.faults.token ?? false}
        helpText={done ?? "The one in use is sealed and never shown."}
        autoComplete="off"
        connectedRight={
          <Button submit disabled={token === ""} loading={fetcher.state !== "idle"}>
            Replace
          </Button>
        }
      />
    </fetcher.Form>
  );
}

function Disconnect({ dataset }: { dataset: string }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [asked, setAsked] = useState(false);
  const disconnect = () => fetcher.submit({ intent: "disconnect", dataset }, { method: "post" });
  return (
    <>
      <Button tone="critical" variant="plain" onClick={() => setAsked(true)}>
        Disconnect
      </Button>
      <Modal
        open={asked}
        onClose={() => setAsked(false)}
        title={`Disconnect dataset ${dataset}?`}
        primaryAction={{
          content: "Disconnect",
          destructive: true,
          loading: fetcher.state !== "idle",
          onAction: disconnect,
        }}
        secondaryActions={[{ content: "Keep it", onAction: () => setAsked(false) }]}
      >
        <Modal.Section>
          <Text as="p">
            Nothing more is sent to it, from browsers or from the server. What still waits for it is withheld.
          </Text>
        </Modal.Section>
      </Modal>
    </>
  );
}

/** What came of saving, said aloud too. */
export function Done({ answer }: { answer: SettingsAnswer | undefined }) {
  return (
    <div aria-live="polite">
      {answer?.done ? (
        <Text as="span" tone="success">
          {answer.done}
        </Text>
      ) : null}
    </div>
  );
}
