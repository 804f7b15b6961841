import { BlockStack, DescriptionList, Link, List, Text } from "@shopify/polaris";
import {
  type Parity as Comparison,
  DEDUPLICATION_RULES,
  FIELD_WORDS,
  KEEPS_WORDS,
  LEGS_WORDS,
  TWICE_WORDS,
} from "../diagnostics/parity";
import { KEY_WORDS } from "../diagnostics/parity-words";

/** Whether both copies of one event match, and what Meta makes of them. */
export function Parity({ parity }: { parity: Comparison }) {
  const { legs, keeps, losesIdentity, twice } = parity;
  return (
    <BlockStack gap="300">
      <DescriptionList
        items={[
          { term: "Copies", description: LEGS_WORDS[legs].says },
          ...(legs === "both" || legs === "unclear" ? [{ term: "Content", description: <Content {...parity} /> }] : []),
          { term: "Meta keeps", description: KEEPS_WORDS[keeps] },
          ...(losesIdentity === null || losesIdentity.length === 0
            ? []
            : [
                {
                  term: "Lost with the other",
                  description: losesIdentity.map((key) => KEY_WORDS[key] ?? key).join(", "),
                },
              ]),
          ...(twice.length === 0
            ? []
            : [{ term: "Counts twice", description: twice.map((reason) => TWICE_WORDS[reason]).join(" ") }]),
        ]}
      />
      <Text as="p" tone="subdued">
        By{" "}
        <Link url={DEDUPLICATION_RULES} target="_blank">
          Meta's rules of deduplication
        </Link>
        .
      </Text>
    </BlockStack>
  );
}

function Content({ differs }: Pick<Comparison, "differs">) {
  if (differs === null) return "What both copies told is not known, or not kept any more.";
  if (differs.length === 0) return "Value, currency and goods are the same in both copies.";
  return (
    <List>
      {differs.map(({ field, browser, server }) => (
        <List.Item key={field}>
          {FIELD_WORDS[field]}: the browser said {browser ?? "nothing"}, the server {server ?? "nothing"}.
        </List.Item>
      ))}
    </List>
  );
}
