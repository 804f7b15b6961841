import { BlockStack, Card, Text } from "@shopify/polaris";

const WORDS: readonly (readonly [string, string])[] = [
  [
    "An event of its own",
    "A custom event is sent besides the event that it is made of, from the server, under your name and an id of its own. The standard event stays as it is.",
  ],
  [
    "From now on",
    "Switching a rule on or off acts within a second, and on new events only: what has happened is not sent again.",
  ],
  [
    "When nobody can tell",
    "Something a rule asks for may not be known. Then the answer is neither yes nor no but “cannot tell”: nothing is sent, and Deliveries says so.",
  ],
  [
    "What products are filed under",
    "Type, vendor and tags come from Shopify's word on every change of a product; what is missing, and collections, Tandem asks Shopify for when an event leaves, never while one arrives.",
  ],
];

/** What a custom event is, and what it is not. */
export function RulesExplained() {
  return (
    <Card>
      <BlockStack gap="300">
        {WORDS.map(([heading, text]) => (
          <BlockStack key={heading} gap="100">
            <Text as="h2" variant="headingSm">
              {heading}
            </Text>
            <Text as="p" tone="subdued">
              {text}
            </Text>
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}
