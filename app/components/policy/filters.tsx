import { BlockStack, Card, Text, TextField } from "@shopify/polaris";
import { type MarketChoice, Markets } from "./markets";

/** The filters as the form holds them; lists are texts, as they are typed. */
export interface FilterFields {
  hosts: string;
  paths: string;
  countries: string;
  markets: MarketChoice[];
}

const LISTS = [
  {
    name: "hosts",
    label: "Only these hosts",
    help: "Such as shop.example.com. Asked of pages before the checkout. Empty: all.",
  },
  {
    name: "paths",
    label: "Only pages whose path begins with",
    help: "Such as /en-gb/. Asked of pages before the checkout. Empty: all.",
  },
  {
    name: "countries",
    label: "Only these countries",
    help: "Two-letter codes such as DE, of the customer's address. Asked from the checkout on. Empty: all.",
  },
] as const satisfies readonly { name: keyof FilterFields; label: string; help: string }[];

interface FiltersProps {
  fields: FilterFields;
  change: (changes: Partial<FilterFields>) => void;
  faults: Record<string, string>;
}

/** What reaches a dataset at all. */
export function Filters({ fields, change, faults }: FiltersProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Filters
        </Text>
        <Text as="p" tone="subdued">
          What does not pass is not sent to this dataset. One entry per line, or commas between them.
        </Text>
        {LISTS.map(({ name, label, help }) => (
          <TextField
            key={name}
            label={label}
            helpText={help}
            value={fields[name]}
            onChange={(text) => change({ [name]: text })}
            error={faults[name] ?? false}
            multiline={2}
            maxHeight={200}
            autoComplete="off"
          />
        ))}
        <Markets chosen={fields.markets} choose={(markets) => change({ markets })} error={faults.markets} />
      </BlockStack>
    </Card>
  );
}
