import { Banner, BlockStack, Button, Card, InlineStack, Select, Text } from "@shopify/polaris";
import { type Backtest, perWeek } from "../../diagnostics/backtest";
import { moneyText } from "../money";

interface TrialProps {
  /** How many days of events are known. */
  days: number;
  datasets: readonly string[];
  dataset: string;
  choose: (dataset: string) => void;
  trial: Backtest | null;
  /** The form has changed since. */
  stale: boolean;
  busy: boolean;
  /** What keeps it from being tried. */
  fault: string | null;
  run: () => void;
}

/** What the rule would have made of the events that are known, before it is switched on. */
export function Trial({ days, datasets, dataset, choose, trial, stale, busy, fault, run }: TrialProps) {
  return (
    <section aria-label="Try it" aria-busy={busy}>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Try it
          </Text>
          <Text as="p" tone="subdued">
            {days === 0
              ? "No event is known yet. As soon as the first have arrived, the rule can be tried on them."
              : `The events of the last ${spanOf(days)} are known; 90 days are kept at the most. Nothing is sent by trying.`}
          </Text>
          {datasets.length > 1 ? (
            <Select label="As this dataset counts" options={[...datasets]} value={dataset} onChange={choose} />
          ) : null}
          <InlineStack>
            <Button onClick={run} loading={busy} disabled={days === 0 || datasets.length === 0}>
              {days === 0 ? "Try it" : `Try it on the last ${spanOf(days)}`}
            </Button>
          </InlineStack>
          {datasets.length === 0 ? <Text as="p">Connect a dataset first, under Settings.</Text> : null}
          <div aria-live="polite">
            {fault === null ? null : <Banner tone="critical">{fault}</Banner>}
            {trial === null || fault !== null ? null : <Outcome trial={trial} stale={stale} />}
          </div>
        </BlockStack>
      </Card>
    </section>
  );
}

function Outcome({ trial, stale }: { trial: Backtest; stale: boolean }) {
  const { base, days, rows, cut, yes, no, cannotTell, withheld, worthless, weeks } = trial;
  const about = perWeek(trial);
  return (
    <BlockStack gap="300">
      {stale ? <Banner tone="info">The rule has changed since it was tried.</Banner> : null}
      <BlockStack gap="100">
        <Text as="p" variant="headingLg">
          {counted(yes, "time", "times")} in the last {spanOf(days)}
        </Text>
        {yes === 0 ? null : <Text as="p">{worthOf(trial)}</Text>}
        <Text as="p">
          {about === null ? "Less than a week is known: too little to say how many a week." : `About ${about} a week.`}
        </Text>
      </BlockStack>
      {weeks.length > 1 ? <Text as="p">Week by week, the oldest first: {weeks.join(", ")}.</Text> : null}
      <BlockStack gap="100">
        <Text as="p">
          Looked at {counted(rows, base, `${base} events`)}: {yes} yes, {no} no, {cannotTell} cannot tell.
        </Text>
        {cut ? <Text as="p">There are more: only the newest were looked at.</Text> : null}
        {withheld > 0 ? (
          <Text as="p">{withheld} of the yes would not have been sent: the shopper had not agreed to marketing.</Text>
        ) : null}
        {worthless > 0 && worthless < yes ? <Text as="p">The value of {worthless} of them is not known.</Text> : null}
        {cannotTell > 0 ? (
          <Text as="p" tone="subdued">
            Cannot tell: something the rule asks for is not known of these. Nothing would have been sent. An event that
            leaves may know more: Shopify is asked then, and not here.
          </Text>
        ) : null}
      </BlockStack>
    </BlockStack>
  );
}

function worthOf({ values }: Backtest): string {
  if (values.length === 0) return "Without a value: none is known.";
  return `Worth ${values.map(({ currency, amount }) => moneyText(amount, currency)).join(" and ")}.`;
}

function counted(n: number, one: string, many: string): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** Rounded up, because a part of a day is looked at too. */
function spanOf(days: number): string {
  if (days * 24 <= 1) return "hour";
  return days <= 2 ? `${Math.ceil(days * 24)} hours` : `${Math.ceil(days)} days`;
}
