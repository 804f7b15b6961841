import { Badge, type BadgeProps } from "@shopify/polaris";
import type { Outcome } from "../events/outcome";

const LOOKS: Record<Outcome, { label: string; tone: BadgeProps["tone"] }> = {
  waiting: { label: "Waiting", tone: "info" },
  accepted: { label: "Accepted by Meta", tone: "success" },
  skipped: { label: "Skipped", tone: undefined },
  withheld: { label: "Withheld", tone: undefined },
  rejected: { label: "Rejected", tone: "critical" },
  expired: { label: "Expired", tone: "warning" },
  dead: { label: "Needs a person", tone: "critical" },
};

/** One of the seven outcomes, the same word and colour everywhere. */
export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { label, tone } = LOOKS[outcome];
  return <Badge {...(tone && { tone })}>{label}</Badge>;
}

/** The outcomes with their labels, as a select lists them. */
export const OUTCOME_OPTIONS = Object.entries(LOOKS).map(([value, { label }]) => ({ value, label }));
