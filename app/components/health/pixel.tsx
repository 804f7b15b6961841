import { DescriptionList } from "@shopify/polaris";
import { counted } from "../../counted";
import type { Heartbeat } from "../../diagnostics/flow";
import { Instant } from "../instant";

/** Shopify's record of the shop's web pixel. */
export interface PixelRecordView {
  /** Whether Shopify has what the settings want. */
  current: boolean;
  /** Why the last try to tell it failed; null: it did not. */
  fault: string | null;
  /** When Shopify last accepted it, epoch milliseconds; null: it never did. */
  acceptedAt: number | null;
}

/** Whether Shopify has the pixel's settings. */
export function PixelRecord({ record: { current, fault, acceptedAt }, timezone }: RecordProps) {
  return (
    <>
      {current ? "Shopify has the pixel's settings. " : "Shopify does not have the pixel's settings as they are now. "}
      {fault === null ? null : `It said: ${fault} `}
      {acceptedAt === null ? (
        "It has never taken any."
      ) : (
        <>
          It last took them on <Instant at={acceptedAt} timezone={timezone} />.
        </>
      )}
    </>
  );
}

interface RecordProps {
  record: PixelRecordView;
  timezone: string | null;
}

/** When the pixel was last heard of, and how often lately. */
export function PixelHeartbeat({ heartbeat, timezone }: { heartbeat: Heartbeat; timezone: string | null }) {
  const { lastHeardAt, heard, since } = heartbeat;
  return (
    <DescriptionList
      items={[
        {
          term: "Last heard",
          description:
            lastHeardAt === null ? (
              "Not yet, or too long ago to be kept."
            ) : (
              <Instant at={lastHeardAt} timezone={timezone} />
            ),
        },
        {
          term: "Lately",
          description: (
            <>
              It told of {counted(heard, "event")} since <Instant at={since} timezone={timezone} />, whether or not
              their own copies left the browser.
            </>
          ),
        },
      ]}
    />
  );
}
