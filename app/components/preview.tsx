import {
  Badge,
  Banner,
  BlockStack,
  Card,
  InlineGrid,
  InlineStack,
  Scrollable,
  SkeletonBodyText,
  Text,
  useBreakpoints,
} from "@shopify/polaris";
import { type ReactNode, useEffect, useState } from "react";
import type { Draft, PreviewAnswer, PreviewResult } from "../diagnostics/last-order";
import { Instant } from "./instant";
import { prettyJson, Verbatim } from "./verbatim";

const REST_MS = 300;

interface PreviewProps {
  /** Meta's numbers; absent: of all the shop's datasets. */
  datasets?: readonly string[];
  /** The settings as the form has them at this moment: only the parts that it is about. */
  draft: Draft;
}

/** What the shop's last order would come to under the settings of a form, before anybody saves them. */
export function Preview(props: PreviewProps) {
  return <Asked {...usePreview(props)} />;
}

function Asked({ answer, busy }: { answer: PreviewAnswer | undefined; busy: boolean }) {
  return (
    <section aria-label="Preview" aria-busy={busy}>
      <Card>
        {answer === undefined ? (
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What an order would send
            </Text>
            <SkeletonBodyText />
          </BlockStack>
        ) : (
          <Answer answer={answer} />
        )}
      </Card>
    </section>
  );
}

const NO_ANSWER: PreviewAnswer = {
  order: null,
  notes: [],
  results: [],
  fault: "Tandem could not be asked; change something to ask again.",
  timezone: null,
};

/**
 * Asks again when the typing rests. Not as one of Remix's submissions: the page is read again after those, and a page that is
 * being read for one of them would be given up for the next.
 */
function usePreview({ datasets = [], draft }: PreviewProps): { answer: PreviewAnswer | undefined; busy: boolean } {
  const asked = JSON.stringify({ draft, datasets });
  const [answer, setAnswer] = useState<PreviewAnswer>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const question = JSON.parse(asked);
    const body = new URLSearchParams({
      draft: JSON.stringify(question.draft),
      datasets: JSON.stringify(question.datasets),
    });
    const given = new AbortController();
    const resting = setTimeout(async () => {
      setBusy(true);
      try {
        const response = await fetch("/app/preview", { method: "POST", body, signal: given.signal });
        setAnswer(response.ok ? await response.json() : NO_ANSWER);
      } catch {
        // Somebody typed on, or left: the next question is on its way, or nobody waits.
        if (given.signal.aborted) return;
        setAnswer(NO_ANSWER);
      }
      setBusy(false);
    }, REST_MS);
    return () => {
      clearTimeout(resting);
      given.abort();
    };
  }, [asked]);
  return { answer, busy };
}

/** A form with the preview of it: beside it and always in sight where there is room, else below. */
export function BesidePreview({ children, ...preview }: PreviewProps & { children: ReactNode }) {
  const { mdUp } = useBreakpoints();
  // Asked here: a window that is drawn wider or narrower must not ask anew.
  const asked = <Asked {...usePreview(preview)} />;
  return (
    <InlineGrid columns={{ xs: 1, md: "3fr 2fr" }} gap="400" alignItems="start">
      <BlockStack gap="400">{children}</BlockStack>
      <div style={{ minWidth: 0, ...(mdUp && { position: "sticky", top: "1rem" }) }}>
        {mdUp ? (
          <Scrollable focusable style={{ maxHeight: "calc(100vh - 2rem)" }}>
            {asked}
          </Scrollable>
        ) : (
          asked
        )}
      </div>
    </InlineGrid>
  );
}

function Answer({ answer: { order, notes, results, fault, timezone } }: { answer: PreviewAnswer }) {
  if (fault !== null) {
    return (
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What an order would send
        </Text>
        <Banner tone="warning">There is no preview until the form is right: {fault}</Banner>
      </BlockStack>
    );
  }
  return (
    <BlockStack gap="300">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {order === null ? "An order would send this" : "Your last order would send this"}
          </Text>
          {order === null ? <Badge tone="info">Example</Badge> : null}
        </InlineStack>
        <Text as="p" tone="subdued">
          {order === null ? (
            "No order has arrived yet, so this one is made up. Yours takes its place as soon as there is one."
          ) : (
            <>
              Order {order.id}, <Instant at={order.at} timezone={timezone} />, on the server leg, with the choices on
              this page. Nothing is sent by looking.
            </>
          )}
        </Text>
        {notes.map((note) => (
          <Text key={note} as="p" tone="subdued">
            {note}
          </Text>
        ))}
      </BlockStack>
      {results.map((result) => (
        <Result key={result.datasets.join()} result={result} named={results.length > 1} />
      ))}
    </BlockStack>
  );
}

function Result({ result: { datasets, events, notSent }, named }: { result: PreviewResult; named: boolean }) {
  return (
    <BlockStack gap="200">
      {named ? (
        <Text as="h3" variant="headingSm">
          {datasets.length === 1 ? "Dataset" : "Datasets"} {datasets.join(", ")}
        </Text>
      ) : null}
      {events.map((event) => (
        <BlockStack key={event} gap="200">
          <Text as="p" fontWeight="semibold">
            {inShort(event)}
          </Text>
          <Verbatim label="The event as it would be sent" text={prettyJson(event)} />
        </BlockStack>
      ))}
      {notSent.map(({ event, says }) => (
        <Text key={event + says} as="p">
          <Text as="span" fontWeight="semibold">
            {event} would not be sent.
          </Text>{" "}
          {says}
        </Text>
      ))}
    </BlockStack>
  );
}

/** What most look for, before the hashes. */
function inShort(event: string): string {
  const { event_name, action_source, custom_data } = JSON.parse(event) as ShortEvent;
  const worth = custom_data?.value === undefined ? "no value" : `${custom_data.value} ${custom_data.currency ?? ""}`;
  return `${event_name}, ${worth}, ${action_source}`;
}

interface ShortEvent {
  event_name: string;
  action_source: string;
  custom_data?: { value?: number; currency?: string };
}
