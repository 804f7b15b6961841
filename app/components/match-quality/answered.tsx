import { List, Text } from "@shopify/polaris";
import type { Answers } from "../../diagnostics/answers";
import { boundWords } from "../../diagnostics/flow";
import { percentOf } from "../../diagnostics/match-quality";

/** How often Meta said yes, why it said no, and how long its yes took. */
export function Answered({ answers: { accepted, refused, lag } }: { answers: Answers }) {
  const all = accepted + refused.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) return <Text as="p">Meta has answered nothing in the last seven days.</Text>;
  return (
    <>
      <Text as="p">
        {percentOf(accepted, all)} % of {all} accepted in the last seven days.
        {lag.events === 0
          ? ""
          : ` From arrival to Meta's yes: half ${boundWords(lag.p50)}, 95 % ${boundWords(lag.p95)}, 99 % ${boundWords(lag.p99)}.`}
      </Text>
      {refused.length === 0 ? null : (
        <List>
          {refused.map(({ reason, says, count }) => (
            <List.Item key={reason}>
              {count} times: {says} ({reason})
            </List.Item>
          ))}
        </List>
      )}
    </>
  );
}
