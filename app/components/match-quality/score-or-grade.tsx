import { Badge } from "@shopify/polaris";
import type { Grade } from "../../diagnostics/match-quality";
import { GradeBadge } from "./grade-badge";

interface ScoreOrGradeProps {
  /** Meta's, out of 10; null: Meta gives none. */
  score: number | null;
  grade: Grade | null;
}

/** Meta's score where there is one, unchanged; else our grade. */
export function ScoreOrGrade({ score, grade }: ScoreOrGradeProps) {
  return score === null ? <GradeBadge grade={grade} /> : <Badge tone="info">{`Meta: ${score} of 10`}</Badge>;
}
