import { BlockStack, Divider, IndexTable, Text, useBreakpoints } from "@shopify/polaris";
import type { DeliveredKey } from "../diagnostics/deliveries";

/** Each key of one delivery: where it came from, how it is written, and whether the browser's copy had it. */
export function DeliveredKeys({ keys }: { keys: DeliveredKey[] }) {
  const { mdDown } = useBreakpoints();
  const rows = keys.map((one) => ({
    ...one,
    rule: one.origin === null ? "–" : one.rule,
    browser: BROWSER_WORDS[String(one.onBrowser) as keyof typeof BROWSER_WORDS],
  }));
  if (mdDown) {
    return (
      <BlockStack gap="200">
        {rows.map(({ key, label, from, rule, browser }, n) => (
          <BlockStack key={key} gap="100">
            {n === 0 ? null : <Divider />}
            <Text as="h3" variant="headingSm">
              {label}
            </Text>
            <Text as="p">
              From {from}. On the browser's copy: {browser}.
            </Text>
            <Text as="p" tone="subdued">
              {rule}
            </Text>
          </BlockStack>
        ))}
      </BlockStack>
    );
  }
  return (
    <IndexTable
      resourceName={{ singular: "key", plural: "keys" }}
      itemCount={rows.length}
      selectable={false}
      headings={[{ title: "Key" }, { title: "From" }, { title: "How it is written" }, { title: "Browser's copy" }]}
    >
      {rows.map(({ key, label, from, rule, browser }, position) => (
        <IndexTable.Row key={key} id={key} position={position}>
          <IndexTable.Cell>{label}</IndexTable.Cell>
          <IndexTable.Cell>{from}</IndexTable.Cell>
          <IndexTable.Cell>
            <div style={{ whiteSpace: "normal" }}>{rule}</div>
          </IndexTable.Cell>
          <IndexTable.Cell>{browser}</IndexTable.Cell>
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

const BROWSER_WORDS = { true: "yes", false: "no", null: "not known" } as const;
