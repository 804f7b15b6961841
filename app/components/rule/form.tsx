import { Banner, BlockStack, Card, List, Select, Text, TextField } from "@shopify/polaris";
import { CATALOG, labelOf } from "../../events/catalog";
import { RULE_BASES, type RuleBase } from "../../events/rules";
import { Conditions } from "./conditions";
import { fieldOfFault, type RuleDraft } from "./draft";

interface FormProps {
  draft: RuleDraft;
  /** What is saved asks this, in words; null: nothing is saved. */
  asks: string | null;
  faults: Record<string, string>;
  currencies: readonly string[];
  change: (draft: RuleDraft) => void;
}

const BASES = RULE_BASES.map((base) => ({ value: base, label: labelOf(base) }));

/** Name, base and conditions of a rule. */
export function RuleForm({ draft, asks, faults, currencies, change }: FormProps) {
  return (
    <BlockStack gap="400">
      <Faults faults={faults} />
      <Card>
        <BlockStack gap="300">
          <TextField
            label="Name"
            value={draft.name}
            onChange={(name) => change({ ...draft, name })}
            error={faults.name ?? false}
            helpText="What Meta shows it as: letters from A to Z, digits, spaces, _ or -."
            maxLength={200}
            autoComplete="off"
          />
          <Select
            label="Made of"
            options={BASES}
            value={draft.base}
            onChange={(base) => change({ ...draft, base: base as RuleBase })}
            helpText={CATALOG[draft.base].help}
            error={faults.base ?? false}
          />
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            Conditions
          </Text>
          {draft.when === null ? (
            <Text as="p" breakWord>
              An event counts when {asks}. These conditions are nested deeper than this form can show; they stay as they
              are.
            </Text>
          ) : (
            <Conditions
              when={draft.when}
              faults={faults}
              currencies={currencies}
              change={(when) => change({ ...draft, when })}
            />
          )}
        </BlockStack>
      </Card>
    </BlockStack>
  );
}

function Faults({ faults }: { faults: Record<string, string> }) {
  const found = Object.entries(faults);
  if (found.length === 0) return null;
  return (
    <Banner tone="critical" title="Nothing was saved; what you typed is still here">
      <List>
        {found.map(([path, says]) => (
          <List.Item key={path}>
            {fieldOfFault(path)}: {says}
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}
