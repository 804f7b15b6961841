import { BlockStack, DescriptionList, List, Text } from "@shopify/polaris";
import { counted } from "../../counted";
import { boundWords, type Lag, type Requests } from "../../diagnostics/flow";
import { Instant } from "../instant";

interface DayProps {
  dataset: string;
  lag: Lag;
  requests: Requests;
  /** Why nothing leaves for it; null: it flows. */
  held: string | null;
  timezone: string | null;
}

/** How a dataset's events and requests fared in the last day, and its token. */
export function DatasetDay({ dataset, lag, requests, held, timezone }: DayProps) {
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        Dataset {dataset}
      </Text>
      <DescriptionList
        items={[
          { term: "From arrival to Meta's yes", description: lagWords(lag) },
          { term: "Requests to Meta", description: <Failures requests={requests} timezone={timezone} /> },
          { term: "Access token", description: <Token held={held} at={requests.lastYesAt} timezone={timezone} /> },
        ]}
      />
    </BlockStack>
  );
}

function lagWords({ events, p50, p95, p99 }: Lag): string {
  if (events === 0) return "Meta has accepted none of what happened in these 24 hours.";
  return (
    `Of ${counted(events, "event")} that Meta accepted half came there ${boundWords(p50)}, 95% ${boundWords(p95)}, ` +
    `99% ${boundWords(p99)}. What still waits is not among them.`
  );
}

function Failures({ requests: { looked, more, failed, causes }, timezone }: Pick<DayProps, "requests" | "timezone">) {
  if (looked === 0) return "None was made.";
  const requests = `${more ? "The last " : ""}${counted(looked, "request")}`;
  if (failed === 0) return `${requests}: none failed.`;
  return (
    <BlockStack gap="100">
      <Text as="p">
        {requests}: {failed.toLocaleString("en")} failed.
      </Text>
      <List>
        {causes.map(({ says, count, last }) => (
          <List.Item key={says}>
            {says} {counted(count, "time")}, last on <Instant at={last} timezone={timezone} />.
          </List.Item>
        ))}
      </List>
    </BlockStack>
  );
}

function Token({ held, at, timezone }: { held: string | null; at: number | null; timezone: string | null }) {
  return (
    <>
      {held === null ? "Not held. " : `${held} `}
      {at === null ? (
        "Meta has not said yes with it, as far as its latest requests tell."
      ) : (
        <>
          Meta last said yes with it on <Instant at={at} timezone={timezone} />.
        </>
      )}
    </>
  );
}
