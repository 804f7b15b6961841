import { Text } from "@shopify/polaris";
import type { ChannelState as State } from "../../alerts/view";
import { counted } from "../../counted";
import { Instant } from "../instant";

/** How a channel fares, under the field of its address. */
export function ChannelState({ state, timezone }: { state: State; timezone: string | null }) {
  const { sentAt, waiting, fault, nextAt } = state;
  if (fault !== null) {
    return (
      <Text as="p" tone="critical">
        The last try failed: {fault}{" "}
        {nextAt === null ? (
          "It was given up."
        ) : (
          <>
            {counted(waiting, "message")} {waiting === 1 ? "waits" : "wait"}; the next try is at{" "}
            <Instant at={nextAt} timezone={timezone} />.
          </>
        )}
      </Text>
    );
  }
  return (
    <Text as="p" tone="subdued">
      {sentAt === null ? (
        "Nothing has been sent by it yet."
      ) : (
        <>
          Last sent <Instant at={sentAt} timezone={timezone} />.
        </>
      )}
    </Text>
  );
}
