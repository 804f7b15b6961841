import { Banner, BlockStack, List, Text } from "@shopify/polaris";
import { counted } from "../counted";
import { type HeldDataset, type LeftBrowser, timeLeft } from "../diagnostics/held";
import { Instant } from "./instant";
import { moneyText } from "./money";

interface HeldProps {
  held: HeldDataset;
  /** When the page was made, epoch milliseconds. */
  now: number;
  timezone: string | null;
  /** Whether the field for a new token is on the same page. */
  besideToken: boolean;
}

/** A dataset that nothing leaves for: why, what waits and is worth how much, until when it may be sent, and what to do. */
export function Held({ held, now, timezone, besideToken }: HeldProps) {
  return (
    <Banner
      tone="critical"
      title={`Nothing leaves for dataset ${held.dataset}`}
      {...(!besideToken && { action: { content: "Paste a new token", url: "/app/settings" } })}
    >
      <BlockStack gap="200">
        {/* The dataset's own card says why. */}
        {besideToken ? null : <Text as="p">{held.says}</Text>}
        <List>
          {held.since === null ? null : (
            <List.Item>
              On hold since <Instant at={held.since} timezone={timezone} />.
            </List.Item>
          )}
          <List.Item>{waitingWords(held)}</List.Item>
          {worthWords(held).map((words) => (
            <List.Item key={words}>{words}</List.Item>
          ))}
          {held.leftBrowser === null ? null : (
            <List.Item>
              {leftWords(held.leftBrowser)} First on <Instant at={held.leftBrowser.firstStandsAt} timezone={timezone} />
              {held.leftBrowser.firstStandsAt < now ? "." : `: ${timeLeft(held.leftBrowser.firstStandsAt, now)} left.`}
            </List.Item>
          )}
          {held.firstPassesAt === null ? null : (
            <List.Item>
              Meta no longer takes the first of {held.leftBrowser === null ? "them" : "the others"} after{" "}
              <Instant at={held.firstPassesAt} timezone={timezone} />: {timeLeft(held.firstPassesAt, now)} left. What
              grows older than Meta takes is not sent; Deliveries lists it as expired.
            </List.Item>
          )}
        </List>
        <Text as="p">
          {besideToken
            ? "Make a token in Events Manager (the dataset, Settings, Conversions API) and paste it under New access token below."
            : "Make a token in Events Manager (the dataset, Settings, Conversions API) and paste it in Settings."}{" "}
          What may still be sent leaves at once.
        </Text>
      </BlockStack>
    </Banner>
  );
}

function waitingWords({ waiting, more }: HeldDataset): string {
  if (waiting === 0) return "No event waits yet; what happens from now on does.";
  const events = counted(waiting, "event");
  if (more) return `More than ${events} wait. What follows is of those that have been due for longest.`;
  return `${events} ${waiting === 1 ? "waits" : "wait"}.`;
}

function leftWords({ events, more }: LeftBrowser): string {
  return (
    `${more ? "At least " : ""}${events.toLocaleString("en")} of them left the browser too (Meta never confirms those). ` +
    "48 hours later the browser's copy stands: Meta could count ours beside it, so it is not sent."
  );
}

function worthWords({ values, valueUnknown, valueMore }: HeldDataset): string[] {
  const least = valueMore ? "At least " : "";
  const known = values.map(
    ({ currency, amount, purchases }) =>
      `${least}${counted(purchases, "Purchase")} worth ${moneyText(amount, currency)}.`,
  );
  const unknown = `${least}${counted(valueUnknown, "Purchase")} whose value is not known.`;
  return valueUnknown === 0 ? known : [...known, unknown];
}
