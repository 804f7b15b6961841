import { BlockStack, Checkbox, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { CATALOG, LEGS, type Leg } from "../events/catalog";
import { type EventName, isPixelEventName } from "../events/names";

interface EventRowProps {
  name: EventName;
  legs: Record<Leg, boolean>;
  flip: (leg: Leg, on: boolean) => void;
  /** The browser leg cannot be on, whatever was chosen. */
  browserImpossible?: boolean;
  /** What is to be said beside the help. */
  note?: ReactNode;
}

const LEG_LABELS: Record<Leg, string> = { browser: "Browser leg", server: "Server leg" };

/** An event with the switches of its legs. */
export function EventRow({ name, legs, flip, browserImpossible = false, note }: EventRowProps) {
  const { label, help } = CATALOG[name];
  return (
    <fieldset aria-labelledby={`${name}-label`} style={{ border: 0, margin: 0, padding: 0 }}>
      <InlineGrid columns={{ xs: 1, sm: "2fr 1fr" }} gap="200" alignItems="start">
        <BlockStack gap="050">
          <div id={`${name}-label`}>
            <Text as="h3" variant="headingSm">
              {label}{" "}
              {label === name ? null : (
                <Text as="span" variant="bodySm" tone="subdued">
                  {name}
                </Text>
              )}
            </Text>
          </div>
          <div id={`${name}-help`}>
            <Text as="p" tone="subdued">
              {help}
            </Text>
            {note}
          </div>
        </BlockStack>
        <InlineStack gap={{ xs: "400", sm: "100" }} blockAlign="center">
          {LEGS.map((leg) => {
            const impossible = leg === "browser" && (browserImpossible || !isPixelEventName(name));
            return (
              <Checkbox
                key={leg}
                label={LEG_LABELS[leg]}
                checked={legs[leg] && !impossible}
                disabled={impossible}
                onChange={(on) => flip(leg, on)}
                ariaDescribedBy={`${name}-help`}
              />
            );
          })}
        </InlineStack>
      </InlineGrid>
    </fieldset>
  );
}
