import { Text } from "@shopify/polaris";
import { type GroupCoverage, type KeyName, percentOf } from "../../diagnostics/match-quality";

interface BeforeAndAfterProps {
  /** With and without: `on`, `off`. */
  groups: GroupCoverage[];
  keys: { key: KeyName; label: string }[];
}

/** What came of it, counted in the same seven days. */
export function BeforeAndAfter({ groups, keys }: BeforeAndAfterProps) {
  const of = (value: string) => groups.find((group) => group.value === value && group.leg === "server");
  const [before, after] = [of("off"), of("on")];
  if (after === undefined) return <Text as="p">No such event has left since. Look again in some minutes.</Text>;
  const share = (group: GroupCoverage, key: KeyName) => `${percentOf(group.sent[key], group.events) ?? 0} %`;
  return (
    <>
      {keys.map(({ key, label }) => (
        <Text key={key} as="p">
          {label}: {before === undefined ? "" : `${share(before, key)} before, `}
          {share(after, key)} since.
        </Text>
      ))}
      <Text as="p" tone="subdued">
        {before === undefined ? "" : `Counted in ${before.events} before and `}
        {after.events} since.
      </Text>
    </>
  );
}
