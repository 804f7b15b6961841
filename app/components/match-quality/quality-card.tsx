import { BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import type { Advice } from "../../diagnostics/adviser";
import type { Grade } from "../../diagnostics/match-quality";
import { RecoveredChart, type RecoveredDay } from "./recovered-chart";
import { ScoreOrGrade } from "./score-or-grade";

/** What the first page says of match quality. */
export interface QualitySummary {
  dataset: string;
  events: { event: string; label: string; url: string; grade: Grade | null; score: number | null }[];
  /** Why Meta gives no score, in words; null: it may. */
  refusal: string | null;
  actions: (Pick<Advice, "key" | "label" | "kind" | "coverage" | "reach" | "how"> & { event: string; page: string })[];
  purchases: RecoveredDay[];
}

/** Purchases day by day, each event's grade, and what to do first. */
export function QualityCard({ summary }: { summary: QualitySummary }) {
  const { events, actions, purchases, dataset, refusal } = summary;
  const taken = purchases.some(({ both, serverOnly }) => both + serverOnly > 0);
  return (
    <>
      {taken ? (
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Purchases that Meta took, 30 days
            </Text>
            <RecoveredChart days={purchases} of="Purchases" />
          </BlockStack>
        </Card>
      ) : null}
      {events.length === 0 ? null : (
        <Card>
          <BlockStack gap="300">
            <InlineStack align="space-between" blockAlign="center">
              <Text as="h2" variant="headingMd">
                Match quality
              </Text>
              <Link url={`/app/match-quality?${new URLSearchParams({ dataset })}`}>All of it</Link>
            </InlineStack>
            <InlineStack gap="400">
              {events.map(({ event, label, url, grade, score }) => (
                <InlineStack key={event} gap="200" blockAlign="center">
                  <Link url={url} removeUnderline>
                    {label}
                  </Link>
                  <ScoreOrGrade score={score} grade={grade} />
                </InlineStack>
              ))}
            </InlineStack>
            {refusal === null ? null : (
              <Text as="p" tone="subdued">
                Meta gives no score: {refusal}{" "}
                <Link url={`/app/match-quality?${new URLSearchParams({ dataset })}`}>What to do</Link>
              </Text>
            )}
            {actions.length === 0 ? null : (
              <BlockStack gap="200">
                <Text as="h3" variant="headingSm">
                  What would help most
                </Text>
                {actions.map(({ event, key, label, kind, coverage, reach, how, page }) => (
                  <Text key={`${event} ${key}`} as="p">
                    <Link url={page}>
                      {label} on {event}
                    </Link>
                    {kind === "setting" ? `: ${coverage} % → ${reach} %. ` : `: ${coverage} %. `}
                    <Text as="span" tone="subdued">
                      {how}
                    </Text>
                  </Text>
                ))}
              </BlockStack>
            )}
          </BlockStack>
        </Card>
      )}
    </>
  );
}
