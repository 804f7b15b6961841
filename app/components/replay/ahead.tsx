import {
  BlockStack,
  Button,
  ButtonGroup,
  Checkbox,
  Divider,
  InlineStack,
  Link,
  List,
  Modal,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import { counted } from "../../counted";
import { BYTES, LEAVING, leaves, OBSTACLES, REPLAYED_PER_MINUTE } from "../../outbox/replay";
import { Instant } from "../instant";
import type { AheadLine, Ahead as View } from "./view";

interface AheadProps {
  ahead: View;
  timezone: string | null;
  busy: boolean;
  /** What one confirmation brings back at the most. */
  most: number;
  turn: (page: number) => void;
  confirm: (doubling: boolean) => void;
}

/** What would happen to each event of a group, and the one confirmation that lets it happen. */
export function Ahead({ ahead, timezone, busy, most, turn, confirm }: AheadProps) {
  const [doubling, setDoubling] = useState(false);
  const [asking, setAsking] = useState(false);
  const twice = ahead.leaving.may_double ?? 0;
  const leaving = ahead.replayed - (doubling ? 0 : twice);
  const events = counted(leaving, "event");
  return (
    <BlockStack gap="400">
      <BlockStack gap="200">
        <Text as="p" fontWeight="semibold">
          {counted(ahead.replayed, "event")} of {ahead.matched.toLocaleString("en")} would leave.
        </Text>
        <List>
          {counts(ahead.leaving, LEAVING)}
          {counts(ahead.bytes, BYTES)}
          {counts(ahead.obstacles, OBSTACLES)}
        </List>
        {ahead.more ? (
          <Text as="p" tone="subdued">
            There are more: {most.toLocaleString("en")} are brought back at once at the most, and the rest can be looked
            at after.
          </Text>
        ) : null}
        <Text as="p" tone="subdued">
          They keep their ids, so nothing that Meta has merged comes apart. Consent is decided anew when they leave. At
          most {REPLAYED_PER_MINUTE.toLocaleString("en")} leave within a minute, so that today's events are not kept
          waiting
          {ahead.lastAt === null ? (
            "."
          ) : (
            <>
              : the last at about <Instant at={ahead.lastAt} timezone={timezone} />.
            </>
          )}{" "}
          Each remembers that a person brought it back, and not who.
        </Text>
      </BlockStack>
      {twice === 0 ? null : (
        <Checkbox
          label={`Also the ${twice.toLocaleString("en")} that may be counted twice`}
          checked={doubling}
          onChange={setDoubling}
        />
      )}
      <InlineStack>
        <Button variant="primary" disabled={leaving === 0} loading={busy} onClick={() => setAsking(true)}>
          {`Replay ${events}`}
        </Button>
      </InlineStack>
      <Modal
        open={asking}
        onClose={() => setAsking(false)}
        title={`Replay ${events}?`}
        primaryAction={{
          content: "Replay",
          onAction: () => {
            setAsking(false);
            confirm(doubling);
          },
        }}
        secondaryActions={[{ content: "Cancel", onAction: () => setAsking(false) }]}
      >
        <Modal.Section>
          <Text as="p">They leave for Meta from now on. What has left cannot be taken back.</Text>
        </Modal.Section>
      </Modal>
      <BlockStack gap="300">
        {ahead.lines.map((line, n) => (
          <BlockStack key={line.id} gap="300">
            {n === 0 ? null : <Divider />}
            <Line line={line} />
          </BlockStack>
        ))}
      </BlockStack>
      {ahead.pages <= 1 ? null : (
        <InlineStack gap="300" blockAlign="center">
          <ButtonGroup>
            <Button disabled={ahead.page === 1} onClick={() => turn(ahead.page - 1)}>
              Before
            </Button>
            <Button disabled={ahead.page === ahead.pages} onClick={() => turn(ahead.page + 1)}>
              Next
            </Button>
          </ButtonGroup>
          <Text as="span" tone="subdued">
            Page {ahead.page} of {ahead.pages}
          </Text>
        </InlineStack>
      )}
    </BlockStack>
  );
}

function Line({ line: { id, event, eventId, orderId, fate, bytes, says } }: { line: AheadLine }) {
  return (
    <BlockStack gap="050">
      <Text as="p" breakWord>
        <Link url={`/app/deliveries/${id}`}>{orderId === null ? event : `${event}, order ${orderId}`}</Link>{" "}
        <Text as="span" tone="subdued">
          {eventId}
        </Text>
      </Text>
      <Text as="p" tone={leaves(fate) ? "success" : "subdued"}>
        {leaves(fate) ? `Leaves: ${LEAVING[fate]}.` : `Stays: ${OBSTACLES[fate]}.`} {says}
      </Text>
      {leaves(fate) ? (
        <Text as="p" tone="subdued">
          {sentence(BYTES[bytes])}
        </Text>
      ) : null}
    </BlockStack>
  );
}

function counts<Name extends string>(counted: Partial<Record<Name, number>>, words: Readonly<Record<Name, string>>) {
  return (Object.keys(counted) as Name[]).map((name) => (
    <List.Item key={name}>
      {(counted[name] ?? 0).toLocaleString("en")}: {words[name]}.
    </List.Item>
  ));
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
