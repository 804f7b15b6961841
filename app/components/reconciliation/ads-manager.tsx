import { BlockStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { adsDifference, type Reconciliation } from "../../diagnostics/reconciliation";
import { Line } from "./amounts";

/** What Ads Manager counts is another question than what Meta took: this says which part of the difference is which. */
export function AdsManager({ reconciliation }: { reconciliation: Reconciliation }) {
  const [typed, setTyped] = useState("");
  const shown = /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : null;
  const fault = typed.trim() !== "" && shown === null ? "must be a whole number of purchases" : undefined;
  return (
    <BlockStack gap="300">
      <Text as="p">
        Accepted by Meta is not attributed by Ads Manager. Meta takes every purchase; Ads Manager shows those that
        follow an ad of yours, within 7 days of a click or 1 day of a view (longer windows after a view ended on 12
        January 2026), and adds what it models.
      </Text>
      <TextField
        label="Purchases in Ads Manager for these days"
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        inputMode="numeric"
        {...(fault !== undefined && { error: fault })}
        helpText="Of the column Website purchases. The number stays in this page."
      />
      {shown === null
        ? null
        : adsDifference(reconciliation, shown).map(({ label, says, count }) => (
            <Line key={label} numbers={count.toLocaleString("en")}>
              <Text as="h3" variant="headingSm">
                {label}
              </Text>
              <Text as="p" tone="subdued">
                {says}
              </Text>
            </Line>
          ))}
    </BlockStack>
  );
}
