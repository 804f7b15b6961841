import { Badge, BlockStack, Card, Divider, InlineStack, Link, Text } from "@shopify/polaris";
import { labelOf } from "../../events/catalog";
import { DeleteRule } from "./delete";
import { RuleSwitch } from "./switch";
import type { RuleView } from "./view";

/** The shop's rules: what each is made of, what it asks, and its switch. */
export function RuleList({ rules }: { rules: readonly RuleView[] }) {
  return (
    <Card>
      <BlockStack gap="400">
        {rules.map((rule, index) => (
          <BlockStack key={rule.key} gap="400">
            {index > 0 ? <Divider /> : null}
            <RuleRow rule={rule} />
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}

function RuleRow({ rule }: { rule: RuleView }) {
  const { key, name, base, on, asks } = rule;
  return (
    <section aria-label={name}>
      <BlockStack gap="200">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingSm">
            <Link url={`/app/rules/${key}`} removeUnderline>
              {name}
            </Link>
          </Text>
          <RuleBadge on={on} />
        </InlineStack>
        <Text as="p" tone="subdued" breakWord>
          {labelOf(base)}, when {asks}.
        </Text>
        <InlineStack gap="300" blockAlign="center">
          <RuleSwitch rule={rule} />
          <DeleteRule rule={rule} />
        </InlineStack>
      </BlockStack>
    </section>
  );
}

export function RuleBadge({ on }: { on: boolean }) {
  return <Badge {...(on && { tone: "success" })}>{on ? "On" : "Off"}</Badge>;
}
