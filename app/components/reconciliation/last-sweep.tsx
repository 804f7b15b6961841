import { useFetcher } from "@remix-run/react";
import { Banner, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { counted } from "../../counted";
import type { LastOrderSweep } from "../../diagnostics/last-sweep";
import { Instant } from "../instant";

interface LastSweepProps {
  /** Null: none has ended yet. */
  last: LastOrderSweep | null;
  timezone: string | null;
}

/** Whether all orders of Shopify are among these, and a button to look now. */
export function LastSweep({ last, timezone }: LastSweepProps) {
  const fetcher = useFetcher<{ looked: boolean }>();
  return (
    <BlockStack gap="300">
      <BlockStack gap="100">
        <Text as="p">{last === null ? NEVER : <Found last={last} timezone={timezone} />}</Text>
        <Text as="p" tone="subdued">
          Tandem asks each hour for the orders of 3 days, and once a day for those of 7. Orders of the last 4 hours are
          left to Shopify, which still tries to tell of them. What was missing is sent as long as Meta takes it; what is
          too old, or from before the dataset was connected, is listed and not sent.
        </Text>
      </BlockStack>
      {last === null || last.fault === null ? null : (
        <Banner tone="warning" title="The last look did not get to its end">
          <p>
            {last.fault} {last.wholeAt === null ? "None ever has." : <Whole at={last.wholeAt} timezone={timezone} />}
          </p>
        </Banner>
      )}
      <InlineStack gap="300" blockAlign="center">
        <Button
          loading={fetcher.state !== "idle"}
          onClick={() => fetcher.submit({ intent: "sweep" }, { method: "post" })}
        >
          Look now
        </Button>
        <div aria-live="polite">
          {fetcher.state !== "idle" || fetcher.data === undefined ? null : (
            <Text as="span">{fetcher.data.looked ? "Looked." : STILL_LOOKING}</Text>
          )}
        </div>
      </InlineStack>
    </BlockStack>
  );
}

const NEVER = "Shopify has not been asked yet whether it has orders that it did not tell of.";
const STILL_LOOKING = "Still looking. Reload the page in a minute.";

function Found({ last, timezone }: { last: LastOrderSweep; timezone: string | null }) {
  const { seen, missing, unreadable, since, endedAt } = last;
  const asked = <Instant at={endedAt} timezone={timezone} />;
  const from = <Instant at={since} timezone={timezone} />;
  if (seen === 0) {
    return (
      <>
        Shopify was asked {asked}, and has no orders since {from}.
      </>
    );
  }
  return (
    <>
      Shopify was asked {asked}: of {counted(seen, "order")} since {from},{" "}
      {missing === 0 ? "none was missing here" : `${missing} had been missing`}
      {unreadable === 0 ? "" : `, and ${unreadable} could not be read`}.
    </>
  );
}

function Whole({ at, timezone }: { at: number; timezone: string | null }) {
  return (
    <>
      The last that did ended <Instant at={at} timezone={timezone} />.
    </>
  );
}
