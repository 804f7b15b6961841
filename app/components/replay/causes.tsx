import { BlockStack, Button, Divider, InlineStack, Text } from "@shopify/polaris";
import { counted } from "../../counted";
import { Instant } from "../instant";
import { Nothing } from "../nothing";
import type { CauseView } from "./view";

interface CausesProps {
  causes: readonly CauseView[];
  timezone: string | null;
  /** Whether the shop has several datasets. */
  several: boolean;
  look: (cause: CauseView) => void;
}

/** What was refused or given up, one group a cause: one mend releases the group. */
export function Causes({ causes, timezone, several, look }: CausesProps) {
  if (causes.length === 0) {
    return <Nothing heading="Nothing was refused or given up" hint="What Meta refuses is listed here by its cause." />;
  }
  return (
    <BlockStack gap="300">
      {causes.map((cause, n) => (
        <BlockStack key={`${cause.outcome} ${cause.reason} ${cause.event} ${cause.dataset}`} gap="300">
          {n === 0 ? null : <Divider />}
          <BlockStack gap="100">
            <Text as="h3" variant="headingSm">
              {counted(cause.events, cause.event)}
              {several ? ` for dataset ${cause.dataset}` : ""}: {cause.outcome === "dead" ? "given up" : "refused"}
            </Text>
            <Text as="p">
              {cause.says}{" "}
              <Text as="span" tone="subdued">
                ({cause.reason})
              </Text>
            </Text>
            <Text as="p" tone="subdued">
              The last happened <Instant at={cause.last} timezone={timezone} />. {inTimeWords(cause)}
            </Text>
            <InlineStack>
              <Button
                onClick={() => look(cause)}
                disabled={cause.inTime === 0}
                accessibilityLabel={`What would happen to ${cause.event}, ${cause.reason}`}
              >
                Look what would happen
              </Button>
            </InlineStack>
          </BlockStack>
        </BlockStack>
      ))}
    </BlockStack>
  );
}

function inTimeWords({ events, inTime }: CauseView): string {
  if (inTime === events) return "Meta's window is open for all of them.";
  if (inTime === 0) return "All of them are older than Meta accepts.";
  return `Meta's window is open for ${inTime.toLocaleString("en")} of them; the others are too old.`;
}
