import { ChoiceList, Text } from "@shopify/polaris";

interface ChoicesProps<Name extends string> {
  title: string;
  rows: Readonly<Record<Name, { label: string; help: string }>>;
  chosen: Name;
  /** What holds before a merchant touches anything. */
  usual: Name;
  choose: (name: Name) => void;
  error?: string | undefined;
}

/** One of a table's rows, each with its help; the default is marked. */
export function Choices<Name extends string>({ title, rows, chosen, usual, choose, error }: ChoicesProps<Name>) {
  const names = Object.keys(rows) as Name[];
  return (
    <ChoiceList
      title={
        <Text as="span" variant="headingSm">
          {title}
        </Text>
      }
      choices={names.map((name) => ({
        value: name,
        label: name === usual ? `${rows[name].label} (default)` : rows[name].label,
        helpText: rows[name].help,
      }))}
      selected={[chosen]}
      onChange={([picked]) => {
        const name = names.find((one) => one === picked);
        if (name !== undefined) choose(name);
      }}
      {...(error !== undefined && { error })}
    />
  );
}
