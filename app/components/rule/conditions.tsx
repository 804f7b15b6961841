import { BlockStack, Box, Button, InlineStack, Select, Text } from "@shopify/polaris";
import { ConditionFields } from "./condition";
import { type DraftCondition, type DraftGroup, type DraftPart, emptyCondition, freshId, isGroup } from "./draft";

interface ConditionsProps {
  when: DraftGroup<DraftPart>;
  faults: Record<string, string>;
  currencies: readonly string[];
  change: (when: DraftGroup<DraftPart>) => void;
}

/** The conditions with their groups, one level deep. */
export function Conditions({ when, faults, currencies, change }: ConditionsProps) {
  const currency = currencies[0] ?? "";
  const path = `when.${when.join}`;
  const add = (part: DraftPart) => change({ ...when, parts: [...when.parts, part] });
  const put = (index: number, part: DraftPart) => change({ ...when, parts: when.parts.with(index, part) });
  const remove = (index: number) => change({ ...when, parts: when.parts.toSpliced(index, 1) });
  return (
    <BlockStack gap="400">
      <Join label="An event counts when" group={when} change={(join) => change({ ...when, join })} />
      {when.parts.map((part, index) =>
        isGroup(part) ? (
          <Group
            key={part.id}
            place={String(index + 1)}
            path={`${path}.${index}`}
            group={part}
            faults={faults}
            currencies={currencies}
            add={() => put(index, { ...part, parts: [...part.parts, emptyCondition(freshId(when), currency)] })}
            change={(group) => put(index, group)}
            remove={() => remove(index)}
          />
        ) : (
          <Framed key={part.id}>
            <ConditionFields
              place={String(index + 1)}
              condition={part}
              faultOf={faultsAt(faults, `${path}.${index}`)}
              currencies={currencies}
              change={(condition) => put(index, condition)}
              remove={() => remove(index)}
            />
          </Framed>
        ),
      )}
      <Fault says={faults.when ?? faults[path]} />
      <InlineStack gap="200">
        <Button onClick={() => add(emptyCondition(freshId(when), currency))}>Add a condition</Button>
        <Button
          onClick={() => {
            const id = freshId(when);
            const join = when.join === "all" ? "any" : "all";
            add({ id, join, parts: [emptyCondition(id + 1, currency), emptyCondition(id + 2, currency)] });
          }}
        >
          Add a group
        </Button>
      </InlineStack>
    </BlockStack>
  );
}

interface GroupProps {
  place: string;
  path: string;
  group: DraftGroup<DraftCondition>;
  faults: Record<string, string>;
  currencies: readonly string[];
  add: () => void;
  change: (group: DraftGroup<DraftCondition>) => void;
  remove: () => void;
}

function Group({ place, path, group, faults, currencies, add, change, remove }: GroupProps) {
  const inside = `${path}.${group.join}`;
  return (
    <Framed>
      <fieldset aria-label={`Group ${place}`} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <BlockStack gap="400">
          <InlineStack align="space-between" blockAlign="center">
            <Text as="h4" variant="headingSm">
              Group {place}
            </Text>
            <Button variant="plain" tone="critical" onClick={remove} accessibilityLabel={`Remove group ${place}`}>
              Remove
            </Button>
          </InlineStack>
          <Join label="The group counts when" group={group} change={(join) => change({ ...group, join })} />
          {group.parts.map((condition, index) => (
            <ConditionFields
              key={condition.id}
              place={`${place}.${index + 1}`}
              condition={condition}
              faultOf={faultsAt(faults, `${inside}.${index}`)}
              currencies={currencies}
              change={(changed) => change({ ...group, parts: group.parts.with(index, changed) })}
              remove={() => change({ ...group, parts: group.parts.toSpliced(index, 1) })}
            />
          ))}
          <Fault says={faults[path] ?? faults[inside]} />
          <InlineStack>
            <Button onClick={add} accessibilityLabel={`Add a condition to group ${place}`}>
              Add a condition
            </Button>
          </InlineStack>
        </BlockStack>
      </fieldset>
    </Framed>
  );
}

const JOINS = [
  { value: "all", label: "all of these are so (and)" },
  { value: "any", label: "at least one of these is so (or)" },
];

interface JoinProps {
  label: string;
  group: { join: "all" | "any" };
  change: (join: "all" | "any") => void;
}

function Join({ label, group, change }: JoinProps) {
  return <Select label={label} options={JOINS} value={group.join} onChange={(join) => change(join as "all" | "any")} />;
}

function Framed({ children }: { children: React.ReactNode }) {
  return (
    <Box borderWidth="025" borderColor="border" borderRadius="200" padding="300">
      {children}
    </Box>
  );
}

function Fault({ says }: { says: string | undefined }) {
  return says === undefined ? null : (
    <Text as="p" tone="critical">
      {says}
    </Text>
  );
}

/** Of one condition, by its own field; '' is the condition itself. */
function faultsAt(faults: Record<string, string>, path: string) {
  return (field: string) => (field === "" ? (faults[path] ?? faults[`${path}.field`]) : faults[`${path}.${field}`]);
}
