import { Badge, BlockStack, InlineStack, Link, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import type { Advice, AdviceKind } from "../../diagnostics/adviser";

const SECTIONS: readonly { kind: AdviceKind; heading: string }[] = [
  { kind: "setting", heading: "Known here, and not sent" },
  { kind: "possible", heading: "Can be known" },
  { kind: "impossible", heading: "Cannot be known at this step" },
];

interface ListProps {
  advice: Advice[];
  /** What switches on what a setting keeps back. */
  switchOn: ReactNode;
}

/** What an event lacks, sorted by what can be done. */
export function AdviceList({ advice, switchOn }: ListProps) {
  if (advice.length === 0) return <Text as="p">Nothing is missing that this event could carry.</Text>;
  return (
    <BlockStack gap="400">
      {SECTIONS.map(({ kind, heading }) => {
        const lines = advice.filter((one) => one.kind === kind);
        if (lines.length === 0) return null;
        return (
          <BlockStack key={kind} gap="200">
            <Text as="h3" variant="headingSm">
              {heading}
            </Text>
            {groupsOf(lines).map((group) => (
              <BlockStack key={group[0]?.key} gap="100">
                <InlineStack gap="200" blockAlign="center">
                  {group.map((one) => (
                    <KeyMark key={one.key} advice={one} />
                  ))}
                </InlineStack>
                <How advice={group[0]} />
              </BlockStack>
            ))}
            {kind === "setting" ? switchOn : null}
          </BlockStack>
        );
      })}
    </BlockStack>
  );
}

/** Keys with the same to do about them stand together. */
function groupsOf(lines: readonly Advice[]): Advice[][] {
  const groups = new Map<string, Advice[]>();
  for (const one of lines) {
    const group = groups.get(one.how);
    if (group === undefined) groups.set(one.how, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function KeyMark({ advice: { label, tier, coverage, reach, kind, potential } }: { advice: Advice }) {
  const share = kind === "setting" ? `${coverage} % → ${reach} %` : `${coverage} %`;
  const expects = potential?.percentage ? `, Meta's potential ${potential.percentage} %` : "";
  return <Badge {...(tier === "high" && { tone: "attention" })}>{`${label} ${share}${expects}`}</Badge>;
}

function How({ advice }: { advice: Advice | undefined }) {
  if (advice === undefined) return null;
  const { how, url, action, kind } = advice;
  return (
    <Text as="p" tone="subdued">
      {how}{" "}
      {url === null || action === null || kind === "setting" ? null : (
        <Link url={url} {...(url.startsWith("shopify:") && { target: "_top" })}>
          {action}
        </Link>
      )}
    </Text>
  );
}
