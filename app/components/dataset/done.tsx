import { Text } from "@shopify/polaris";
import type { SettingsAnswer } from "./view";

/** What came of saving, said aloud too. */
export function Done({ answer }: { answer: SettingsAnswer | undefined }) {
  return (
    <div aria-live="polite">
      {answer?.done ? (
        <Text as="span" tone="success">
          {answer.done}
        </Text>
      ) : null}
    </div>
  );
}
