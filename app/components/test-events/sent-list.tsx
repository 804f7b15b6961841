import { BlockStack, Box, InlineGrid, InlineStack, Link, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import type { SentLine, ServerCopy } from "../../diagnostics/sent";
import { TR_WORDS } from "../../events/browser-copy";
import { TEST_EVENT } from "../../events/catalog";
import { Instant } from "../instant";
import { OutcomeBadge } from "../outcome-badge";

interface ListProps {
  lines: SentLine[];
  timezone: string | null;
}

/** Events with both of their copies, what left last first. */
export function SentList({ lines, timezone }: ListProps) {
  return (
    <ul aria-label="Events" style={{ listStyle: "none", margin: 0, padding: 0 }}>
      {lines.map((line) => (
        <li key={`${line.event} ${line.eventId}`}>
          <Box padding="400" borderBlockStartWidth="025" borderColor="border">
            <Line line={line} timezone={timezone} />
          </Box>
        </li>
      ))}
    </ul>
  );
}

function Line({ line, timezone }: { line: SentLine; timezone: string | null }) {
  const { event, eventId, at, server, browser } = line;
  return (
    <BlockStack gap="200">
      <BlockStack gap="050">
        <InlineStack align="space-between" gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm">
            {server === null ? event : <Link url={`/app/deliveries/${server.id}`}>{event}</Link>}
          </Text>
          <Text as="span" tone="subdued">
            <Instant at={at} timezone={timezone} />
          </Text>
        </InlineStack>
        <Text as="p" tone="subdued" variant="bodySm" breakWord>
          Event ID {eventId}
        </Text>
      </BlockStack>
      <InlineGrid columns={{ xs: 1, md: "3fr 2fr" }} gap="300">
        <Copy title="Server's copy" badge={server === null ? null : <OutcomeBadge outcome={server.outcome} />}>
          {server === null ? (
            <Text as="p" tone="subdued">
              None has been made of it.
            </Text>
          ) : (
            <FromServer copy={server} />
          )}
        </Copy>
        <Copy title="Browser's copy" badge={null}>
          {browser === null ? (
            <Text as="p" tone="subdued">
              {event === TEST_EVENT
                ? "None: a test event leaves from the server alone."
                : "The pixel said nothing of one."}
            </Text>
          ) : (
            <Text as="p">
              {TR_WORDS[browser.tr].label}, <Instant at={browser.at} timezone={timezone} />. {TR_WORDS[browser.tr].says}
            </Text>
          )}
        </Copy>
      </InlineGrid>
    </BlockStack>
  );
}

function Copy({ title, badge, children }: { title: string; badge: ReactNode; children: ReactNode }) {
  return (
    <BlockStack gap="100">
      <InlineStack gap="200" blockAlign="center">
        <Text as="h4" variant="bodyMd" fontWeight="semibold">
          {title}
        </Text>
        {badge}
      </InlineStack>
      {children}
    </BlockStack>
  );
}

function FromServer({ copy: { says, keys, meta } }: { copy: ServerCopy }) {
  return (
    <>
      {says === null ? null : <Text as="p">{says}</Text>}
      {meta === null ? (
        <Text as="p" tone="subdued">
          Meta has not been asked.
        </Text>
      ) : (
        <>
          <Text as="p" breakWord>
            {meta.says}
          </Text>
          {meta.messages.map((message) => (
            <Text key={message} as="p" breakWord>
              {message}
            </Text>
          ))}
          {meta.traceId === null ? null : (
            <Text as="p" tone="subdued" variant="bodySm" breakWord>
              fbtrace_id {meta.traceId}
            </Text>
          )}
        </>
      )}
      {keys === null ? null : (
        <Text as="p" tone="subdued" variant="bodySm" breakWord>
          {keys.length === 0 ? "No match keys." : `Match keys: ${keys.join(", ")}`}
        </Text>
      )}
    </>
  );
}
