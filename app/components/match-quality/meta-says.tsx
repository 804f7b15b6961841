import { BlockStack, DescriptionList, Divider, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import type { KeyFeedback } from "../../diagnostics/meta-potentials";
import type { EventReading, MetaQuality } from "../../diagnostics/meta-quality";
import { Instant } from "../instant";

interface MetaSaysProps {
  quality: Pick<MetaQuality, "askedAt" | "answeredAt">;
  /** Null: Meta says nothing of this event. */
  reading: EventReading | null;
  keys: KeyFeedback[];
  timezone: string | null;
  /** How the score has moved. */
  trend: ReactNode;
}

/** What Meta makes of an event, every number and sentence as Meta gives it. */
export function MetaSays({ quality: { askedAt, answeredAt }, reading, keys, timezone, trend }: MetaSaysProps) {
  if (reading === null || answeredAt === null) {
    return (
      <Text as="p" tone="subdued">
        {askedAt === null
          ? "Meta has not been asked yet: it is asked once an hour."
          : "Meta says nothing of this event. It takes some days and some hundred events until it does."}
      </Text>
    );
  }
  const score = reading.event_match_quality?.composite_score ?? null;
  return (
    <BlockStack gap="400">
      <BlockStack gap="100">
        <Text as="p" variant="headingLg">
          {score === null ? "No score" : `${score} of 10`}
        </Text>
        <Text as="p" tone="subdued">
          Read <Instant at={answeredAt} timezone={timezone} />. Of all that Meta gets for this dataset, whoever sends
          it.
        </Text>
      </BlockStack>
      {score === null ? null : trend}
      <DescriptionList items={sharesOf(reading)} />
      {keys.length === 0 ? null : <KeysOf keys={keys} />}
      <Dedupe feedback={reading.dedupe_key_feedback ?? []} />
      <Diagnostics told={reading.event_match_quality?.diagnostics ?? []} />
    </BlockStack>
  );
}

const NOTHING = "Meta does not say.";

type Share = { percentage: number | null; description: string | null };

/** `12.5 %. Words of Meta's`; null: neither. */
function wordsOf(share: Share | null): string | null {
  const parts = [percent(share?.percentage ?? null), share?.description ?? ""].filter((part) => part !== "");
  return parts.length === 0 ? null : parts.join(". ");
}

function percent(value: number | null): string {
  return value === null ? "" : `${value} %`;
}

function sharesOf(reading: EventReading): { term: string; description: ReactNode }[] {
  const { event_coverage: coverage, data_freshness: freshness, acr, event_potential_aly_acr_increase: more } = reading;
  const goal = coverage?.goal_percentage;
  const ofCoverage = [
    wordsOf(coverage),
    goal == null ? null : `Meta's goal: ${percent(goal)}`,
    wordsOf(coverage?.potential_aly_acr_increase ?? null),
  ].filter((words) => words !== null);
  return [
    {
      term: "Server's events against the browser's",
      description: ofCoverage.length === 0 ? NOTHING : <Lines lines={ofCoverage} />,
    },
    {
      term: "How fresh",
      description: [freshness?.upload_frequency, freshness?.description].filter(Boolean).join(". ") || NOTHING,
    },
    { term: "Additional conversions reported", description: wordsOf(acr) ?? NOTHING },
    { term: "What more could be reported", description: wordsOf(more) ?? NOTHING },
  ];
}

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <BlockStack gap="100">
      {lines.map((line) => (
        <Text key={line} as="p">
          {line}
        </Text>
      ))}
    </BlockStack>
  );
}

function KeysOf({ keys }: { keys: KeyFeedback[] }) {
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        Match keys, as Meta sees them
      </Text>
      {keys.map(({ label, coverage, ...potential }, n) => (
        <BlockStack key={label} gap="100">
          {n === 0 ? null : <Divider />}
          <InlineStack align="space-between" gap="400">
            <Text as="span">{label}</Text>
            <Text as="span" numeric>
              {percent(coverage) || "–"}
            </Text>
          </InlineStack>
          <Expected potential={potential} />
        </BlockStack>
      ))}
    </BlockStack>
  );
}

/** What Meta expects of more of a key. */
function Expected({ potential }: { potential: Share }) {
  const words = wordsOf(potential);
  return words === null ? null : (
    <Text as="p" tone="subdued">
      {words}
    </Text>
  );
}

type Feedback = NonNullable<EventReading["dedupe_key_feedback"]>;

function Dedupe({ feedback }: { feedback: Feedback }) {
  if (feedback.length === 0) return null;
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        Keys that Meta merges both copies by
      </Text>
      {feedback.map((row) => (
        <BlockStack key={row.dedupe_key} gap="100">
          <Text as="h4" variant="headingSm">
            {row.dedupe_key}
          </Text>
          <DescriptionList items={dedupeItems(row)} gap="tight" />
        </BlockStack>
      ))}
    </BlockStack>
  );
}

function dedupeItems(row: Feedback[number]): { term: string; description: string }[] {
  return [
    { term: "Browser's events with it", description: wordsOf(row.browser_events_with_dedupe_key) ?? NOTHING },
    { term: "Server's events with it", description: wordsOf(row.server_events_with_dedupe_key) ?? NOTHING },
    {
      term: "Browser's events that a copy covers",
      description: wordsOf(row.overall_browser_coverage_from_dedupe_key) ?? NOTHING,
    },
  ];
}

type Told = NonNullable<NonNullable<EventReading["event_match_quality"]>["diagnostics"]>;

function Diagnostics({ told }: { told: Told }) {
  if (told.length === 0) return null;
  return (
    <BlockStack gap="300">
      <Text as="h3" variant="headingSm">
        Meta's diagnostics
      </Text>
      {told.map(
        ({ name, description, solution, percentage, affected_event_count: affected, total_event_count: all }) => (
          <BlockStack key={name} gap="100">
            <Text as="h4" variant="headingSm">
              {name}
            </Text>
            {description === null ? null : <Text as="p">{description}</Text>}
            {solution === null ? null : <Text as="p">{solution}</Text>}
            <Text as="p" tone="subdued">
              {[percent(percentage), affected === null ? "" : `${affected} of ${all ?? "?"} events`]
                .filter(Boolean)
                .join(", ")}
            </Text>
          </BlockStack>
        ),
      )}
    </BlockStack>
  );
}
