import { Badge, type BadgeProps } from "@shopify/polaris";
import { ENOUGH_EVENTS, type Grade } from "../../diagnostics/match-quality";

const LOOKS: Record<Grade, { label: string; tone: BadgeProps["tone"] }> = {
  strong: { label: "Strong", tone: "success" },
  fair: { label: "Fair", tone: "attention" },
  weak: { label: "Weak", tone: "warning" },
};

/** Ours, by rules that anybody can read; never Meta's. */
export function GradeBadge({ grade }: { grade: Grade | null }) {
  if (grade === null) return <Badge>{`Under ${ENOUGH_EVENTS} events`}</Badge>;
  const { label, tone } = LOOKS[grade];
  return <Badge {...(tone && { tone })}>{label}</Badge>;
}
