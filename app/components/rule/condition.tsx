import { BlockStack, Button, ChoiceList, InlineGrid, InlineStack, Select, Text, TextField } from "@shopify/polaris";
import { ORDER_SOURCES, type OrderSource } from "../../events/order-sources";
import type { DraftCondition } from "./draft";
import { FIELD_OPTIONS, FIELDS } from "./fields";

interface ConditionProps {
  /** `2` or `2.1`: where it stands. */
  place: string;
  condition: DraftCondition;
  /** What is wrong with one of its fields. */
  faultOf: (field: string) => string | undefined;
  currencies: readonly string[];
  change: (condition: DraftCondition) => void;
  remove: () => void;
}

/** One condition with what belongs to its kind. */
export function ConditionFields({ place, condition, faultOf, currencies, change, remove }: ConditionProps) {
  const { label, help } = FIELDS[condition.field];
  const own = faultOf("");
  return (
    <fieldset aria-label={`Condition ${place}`} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h4" variant="headingSm">
            Condition {place}
          </Text>
          <Button
            variant="plain"
            tone="critical"
            onClick={remove}
            accessibilityLabel={`Remove condition ${place}: ${label}`}
          >
            Remove
          </Button>
        </InlineStack>
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="200">
          <Select
            label="About"
            options={FIELD_OPTIONS}
            value={condition.field}
            onChange={(field) => change({ ...condition, field: field as DraftCondition["field"] })}
          />
          <Comparison condition={condition} change={change} />
        </InlineGrid>
        <Entry condition={condition} faultOf={faultOf} currencies={currencies} change={change} />
        <Text as="p" tone="subdued" variant="bodySm">
          {help}
        </Text>
        {own === undefined ? null : (
          <Text as="p" tone="critical">
            {own}
          </Text>
        )}
      </BlockStack>
    </fieldset>
  );
}

const AMOUNT_IS = [
  { value: "at_least", label: "is at least" },
  { value: "less_than", label: "is less than" },
];
const WORDS_ARE = [
  { value: "any_of", label: "is any of" },
  { value: "none_of", label: "is none of" },
];
const CUSTOMER_IS = [
  { value: "first", label: "orders for the first time" },
  { value: "returning", label: "has ordered before" },
];

function Comparison({ condition, change }: Pick<ConditionProps, "condition" | "change">) {
  switch (condition.field) {
    case "value":
      return (
        <Select
          label="Asked"
          options={AMOUNT_IS}
          value={condition.amountIs}
          onChange={(is) => change({ ...condition, amountIs: is as DraftCondition["amountIs"] })}
        />
      );
    case "customer":
      return (
        <Select
          label="Asked"
          options={CUSTOMER_IS}
          value={condition.customer}
          onChange={(is) => change({ ...condition, customer: is as DraftCondition["customer"] })}
        />
      );
    default:
      return (
        <Select
          label="Asked"
          options={WORDS_ARE}
          value={condition.wordsAre}
          onChange={(are) => change({ ...condition, wordsAre: are as DraftCondition["wordsAre"] })}
        />
      );
  }
}

function Entry({ condition, faultOf, currencies, change }: Omit<ConditionProps, "place" | "remove">) {
  switch (condition.field) {
    case "value":
      return <Amount condition={condition} faultOf={faultOf} currencies={currencies} change={change} />;
    case "customer":
      return null;
    case "source":
      return (
        <ChoiceList
          title="Sources"
          allowMultiple
          choices={Object.entries(ORDER_SOURCES).map(([value, { label }]) => ({ value, label }))}
          selected={condition.sources}
          onChange={(sources) => change({ ...condition, sources: sources as OrderSource[] })}
          error={faultOf("words") ?? ""}
        />
      );
    default:
      return (
        <TextField
          label={FIELDS[condition.field].entry ?? ""}
          value={condition.words}
          onChange={(words) => change({ ...condition, words })}
          multiline={2}
          maxHeight={240}
          error={faultOf("words") ?? false}
          autoComplete="off"
        />
      );
  }
}

function Amount({ condition, faultOf, currencies, change }: Omit<ConditionProps, "place" | "remove">) {
  const { amount, currency } = condition;
  return (
    <InlineGrid columns={2} gap="200">
      <TextField
        label="Amount"
        value={amount}
        onChange={(typed) => change({ ...condition, amount: typed })}
        error={faultOf("amount") ?? false}
        inputMode="decimal"
        autoComplete="off"
      />
      {currencies.length === 0 ? (
        <TextField
          label="Currency"
          value={currency}
          onChange={(typed) => change({ ...condition, currency: typed })}
          error={faultOf("currency") ?? false}
          placeholder="USD"
          autoComplete="off"
        />
      ) : (
        <Select
          label="Currency"
          options={[...new Set([...currencies, currency])]}
          value={currency}
          onChange={(chosen) => change({ ...condition, currency: chosen })}
          error={faultOf("currency") ?? false}
        />
      )}
    </InlineGrid>
  );
}
