import { Badge, BlockStack, InlineStack, List, Text } from "@shopify/polaris";
import { counted } from "../../counted";
import { type Queue, queueWords, waitsForWords } from "../../diagnostics/flow";
import { spanWords } from "../../diagnostics/span-words";
import { Instant } from "../instant";

/** A dataset as it stands at this moment. */
export interface QueueView {
  dataset: string;
  /** Why nothing leaves for it; null: it flows. */
  held: string | null;
  queue: Queue;
}

interface QueueProps {
  view: QueueView;
  /** When it was looked, epoch milliseconds. */
  now: number;
  timezone: string | null;
}

/** How old the oldest due event is, and what waits for what. */
export function DatasetQueue({ view: { dataset, held, queue }, now, timezone }: QueueProps) {
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" blockAlign="center">
        <Text as="h3" variant="headingSm">
          Dataset {dataset}
        </Text>
        <Badge tone={held === null ? "success" : "critical"}>{held === null ? "Flows" : "On hold"}</Badge>
      </InlineStack>
      {held === null ? null : <Text as="p">{held}</Text>}
      <Text as="p">
        {queueWords(queue)}{" "}
        {queue.dueSince === null ? null : (
          <>
            The oldest that is due has been so for {spanWords(now - queue.dueSince)}, since{" "}
            <Instant at={queue.dueSince} timezone={timezone} />.
          </>
        )}
      </Text>
      {queue.causes.length === 0 ? null : (
        <>
          {queue.more ? (
            <Text as="p" tone="subdued">
              Of those that have been due for longest:
            </Text>
          ) : null}
          <List>
            {queue.causes.map(({ why, count }) => (
              <List.Item key={why}>
                {counted(count, "event")}: {waitsForWords(why, held !== null)}
              </List.Item>
            ))}
          </List>
        </>
      )}
    </BlockStack>
  );
}
