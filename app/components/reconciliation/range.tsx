import { InlineGrid, Select, TextField } from "@shopify/polaris";

interface RangeProps {
  from: string;
  to: string;
  /** Meta's numbers of the shop's datasets. */
  datasets: readonly string[];
  dataset: string;
  fault: string | null;
  choose: (name: "from" | "to" | "dataset", value: string) => void;
}

/** Which days, and which dataset, a page is about. */
export function Range({ from, to, datasets, dataset, fault, choose }: RangeProps) {
  const several = datasets.length > 1;
  return (
    <InlineGrid columns={{ xs: 1, sm: several ? 3 : 2 }} gap="300">
      <TextField
        label="From"
        type="date"
        value={from}
        onChange={(value) => choose("from", value)}
        autoComplete="off"
        {...(fault !== null && { error: fault })}
      />
      <TextField label="To" type="date" value={to} onChange={(value) => choose("to", value)} autoComplete="off" />
      {several ? (
        <Select
          label="Dataset"
          options={[...datasets]}
          value={dataset}
          onChange={(value) => choose("dataset", value)}
        />
      ) : null}
    </InlineGrid>
  );
}
