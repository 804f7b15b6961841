import { Banner, BlockStack, List, Text } from "@shopify/polaris";
import type { MetaQuality } from "../../diagnostics/meta-quality";
import { Instant } from "../instant";

interface MetaRefusalProps {
  quality: Pick<MetaQuality, "refusal" | "answeredAt">;
  timezone: string | null;
}

/** Why Meta does not say what it makes of events, and what can be done about it. */
export function MetaRefusal({ quality: { refusal, answeredAt }, timezone }: MetaRefusalProps) {
  if (refusal === null) return null;
  return (
    <Banner tone="warning" title="Meta does not say what it makes of these events">
      <BlockStack gap="200">
        <Text as="p">
          {refusal.says} So since <Instant at={refusal.since} timezone={timezone} />
          {refusal.code === null ? "." : ` (Meta's code ${refusal.code}).`}{" "}
          {answeredAt === null ? (
            "What is counted here stands below."
          ) : (
            <>
              What it said last is of <Instant at={answeredAt} timezone={timezone} />.
            </>
          )}
        </Text>
        <List type="number">
          {refusal.steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      </BlockStack>
    </Banner>
  );
}
