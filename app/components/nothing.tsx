import { BlockStack, Box, Button, Text } from "@shopify/polaris";

interface NothingProps {
  heading: string;
  /** What to do, or to expect. */
  hint: string;
  action?: { label: string; run: () => void };
}

/** What a list shows when it has nothing to show. */
export function Nothing({ heading, hint, action }: NothingProps) {
  return (
    <Box padding="800">
      <BlockStack gap="200" inlineAlign="center">
        <Text as="h3" variant="headingMd" alignment="center">
          {heading}
        </Text>
        <Text as="p" tone="subdued" alignment="center">
          {hint}
        </Text>
        {action === undefined ? null : <Button onClick={action.run}>{action.label}</Button>}
      </BlockStack>
    </Box>
  );
}
