import type { FieldNode, OperationDefinitionNode, SelectionSetNode, ValueNode } from "graphql";

type Variables = Record<string, unknown>;

/** What one query may cost: https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits */
export const MOST_POINTS = 1_000;

/**
 * The points that an operation asks for: nothing for a scalar, 1 for an object, 10 for a mutation, and of a list as many as
 * it may hold. Shopify charges less for long lists than this does; how much less it does not publish.
 */
export function costOf({ operation, selectionSet }: OperationDefinitionNode, variables: Variables): number {
  const mutations = operation === "mutation" ? 10 * selectionSet.selections.length : 0;
  return mutations + costOfFields(selectionSet, 1, variables);
}

/** `length`: how long the list is that a field named `nodes` stands for. */
function costOfFields({ selections }: SelectionSetNode, length: number, variables: Variables): number {
  let points = 0;
  let dearest = 0;
  for (const selection of selections) {
    if (selection.kind === "Field") points += costOfField(selection, length, variables);
    // Of the kinds that an object may be, it is one.
    else if (selection.kind === "InlineFragment") {
      dearest = Math.max(dearest, costOfFields(selection.selectionSet, 1, variables));
    }
  }
  return points + dearest;
}

function costOfField({ name, arguments: args = [], selectionSet }: FieldNode, length: number, variables: Variables) {
  if (selectionSet === undefined) return 0;
  const given = (wanted: string) => {
    const argument = args.find((each) => each.name.value === wanted);
    return argument === undefined ? undefined : readValue(argument.value, variables);
  };
  const first = given("first");
  if (typeof first === "number") return 2 + costOfFields(selectionSet, first, variables);
  const ids = given("ids");
  const times = name.value === "nodes" ? (Array.isArray(ids) ? ids.length : length) : 1;
  return times * (1 + costOfFields(selectionSet, 1, variables));
}

function readValue(value: ValueNode, variables: Variables): unknown {
  if (value.kind === "Variable") return variables[value.name.value];
  if (value.kind === "ListValue") return value.values;
  return value.kind === "IntValue" ? Number(value.value) : undefined;
}
