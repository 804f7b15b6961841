import { BlockStack, Checkbox, Divider, InlineGrid, InlineStack, Text, TextField } from "@shopify/polaris";
import { CHANNEL_NAMES, CHANNELS, type Channel } from "../../alerts/channels";
import { ALERT_KIND_NAMES, ALERT_KINDS, type AlertKind, thresholdOf } from "../../alerts/kinds";

/** What one kind's row shows. */
export interface KindChoice {
  mail: boolean;
  webhook: boolean;
  /** As it is typed; '' where there is nothing to choose. */
  threshold: string;
}

interface KindsProps {
  chosen: (kind: AlertKind) => KindChoice;
  choose: (kind: AlertKind, changes: Partial<KindChoice>) => void;
  faults: Record<string, string>;
}

/** Every kind of alert: what it means, by which way it goes, and from how many on. */
export function Kinds({ chosen, choose, faults }: KindsProps) {
  return (
    <BlockStack gap="400">
      {ALERT_KIND_NAMES.map((kind, n) => (
        <BlockStack key={kind} gap="400">
          {n === 0 ? null : <Divider />}
          <Kind kind={kind} choice={chosen(kind)} choose={(changes) => choose(kind, changes)} fault={faults[kind]} />
        </BlockStack>
      ))}
    </BlockStack>
  );
}

interface KindProps {
  kind: AlertKind;
  choice: KindChoice;
  choose: (changes: Partial<KindChoice>) => void;
  fault: string | undefined;
}

function Kind({ kind, choice, choose, fault }: KindProps) {
  const { label, means } = ALERT_KINDS[kind];
  const limits = thresholdOf(kind);
  return (
    <fieldset aria-label={label} style={{ border: 0, margin: 0, padding: 0 }}>
      <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird"] }} gap="300">
        <BlockStack gap="100">
          <Text as="h3" variant="headingSm">
            {label}
          </Text>
          <Text as="p" tone="subdued">
            {means}
          </Text>
          <Ways choice={choice} choose={choose} />
        </BlockStack>
        {limits === null ? null : (
          <TextField
            label="Told from"
            value={choice.threshold}
            suffix={limits.unit}
            placeholder={String(limits.default)}
            onChange={(threshold) => choose({ threshold })}
            error={fault ?? false}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
      </InlineGrid>
    </fieldset>
  );
}

interface WaysProps {
  choice: Record<Channel, boolean>;
  choose: (changes: Partial<Record<Channel, boolean>>) => void;
}

/** By which channels something is told. */
export function Ways({ choice, choose }: WaysProps) {
  return (
    <InlineStack gap="400">
      {CHANNEL_NAMES.map((channel) => (
        <Checkbox
          key={channel}
          label={CHANNELS[channel].label}
          checked={choice[channel]}
          onChange={(on) => choose({ [channel]: on })}
        />
      ))}
    </InlineStack>
  );
}
