import { BlockStack, Divider, IndexTable, InlineStack, Text, useBreakpoints } from "@shopify/polaris";
import { type EventCoverage, type KeyShare, percentOf } from "../../diagnostics/match-quality";
import type { KeyWords } from "../../diagnostics/quality-keys";
import { ShareBar } from "./share-bar";
import { Trend } from "./trend";

interface TableProps {
  coverage: EventCoverage;
  keys: KeyWords[];
}

const TIER_WORDS = { high: "High", medium: "Medium", low: "Low" } as const;

const HEADINGS = [
  { title: "Key" },
  { title: "Meta's priority" },
  { title: "Server's copy" },
  { title: "Last 30 days" },
  { title: "Known, not sent" },
  { title: "Browser's copy" },
] as const;

/** What an event carried, key by key and leg by leg. */
export function KeyTable({ coverage, keys }: TableProps) {
  const { mdDown } = useBreakpoints();
  const rows = keys.map((words) => ({ words, ...legsOf(coverage, words.key) }));
  if (mdDown) {
    return (
      <BlockStack gap="200">
        {rows.map(({ words, server, browser }, n) => (
          <BlockStack key={words.key} gap="100">
            {n === 0 ? null : <Divider />}
            <InlineStack align="space-between" blockAlign="center">
              <Text as="h3" variant="headingSm">
                {words.label}
              </Text>
              <ShareBar part={server.sent} whole={coverage.server.events} reach={server.sent + server.known} />
            </InlineStack>
            <InlineStack align="space-between" blockAlign="center">
              <Text as="span" tone="subdued">
                {[
                  words.tier === null ? "" : `${TIER_WORDS[words.tier]} priority`,
                  browser === null ? "" : `browser's copy ${percentOf(browser, coverage.browser.events) ?? "–"} %`,
                  server.known > 0 ? `known, not sent ${percentOf(server.known, coverage.server.events)} %` : "",
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
              <Trend days={server.days} label={words.label} />
            </InlineStack>
          </BlockStack>
        ))}
      </BlockStack>
    );
  }
  return (
    <IndexTable
      resourceName={{ singular: "key", plural: "keys" }}
      itemCount={rows.length}
      selectable={false}
      headings={[...HEADINGS]}
    >
      {rows.map(({ words, server, browser }, position) => (
        <IndexTable.Row key={words.key} id={words.key} position={position}>
          <IndexTable.Cell>{words.label}</IndexTable.Cell>
          <IndexTable.Cell>{words.tier === null ? "–" : TIER_WORDS[words.tier]}</IndexTable.Cell>
          <IndexTable.Cell>
            <ShareBar part={server.sent} whole={coverage.server.events} reach={server.sent + server.known} />
          </IndexTable.Cell>
          <IndexTable.Cell>
            <Trend days={server.days} label={words.label} />
          </IndexTable.Cell>
          <IndexTable.Cell>
            {server.known === 0 ? "–" : `${percentOf(server.known, coverage.server.events)} %`}
          </IndexTable.Cell>
          <IndexTable.Cell>
            {browser === null ? BY_ITSELF : <ShareBar part={browser} whole={coverage.browser.events} />}
          </IndexTable.Cell>
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

const BY_ITSELF = "by itself";
/** A request from a browser has these whatever it says. */
const OF_THE_REQUEST: ReadonlySet<string> = new Set(["client_ip_address", "client_user_agent"]);

/** `browser`: how many copies carried it; null: a browser's request has it by itself. */
function legsOf({ server, browser }: EventCoverage, key: KeyShare["key"]) {
  const of = (keys: KeyShare[]) => keys.find((one) => one.key === key) ?? { key, sent: 0, known: 0, days: [] };
  return { server: of(server.keys), browser: OF_THE_REQUEST.has(key) ? null : of(browser.keys).sent };
}
