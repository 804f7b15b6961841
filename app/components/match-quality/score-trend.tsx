import { Button, DataTable, InlineStack, Text } from "@shopify/polaris";
import { LinePath } from "@visx/shape";
import { useState } from "react";
import type { ScorePoint } from "../../diagnostics/meta-quality";
import { Instant } from "../instant";

interface ScoreTrendProps {
  /** Oldest first; each stands until the next. */
  points: readonly ScorePoint[];
  /** Epoch milliseconds. */
  now: number;
  timezone: string | null;
}

const WIDTH = 240;
const HEIGHT = 48;
const EDGE = 3;
const MOST = 10;

/** How Meta's score has moved in thirty days; the same as a table for who wants one. */
export function ScoreTrend({ points, now, timezone }: ScoreTrendProps) {
  const [asTable, setAsTable] = useState(false);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) {
    return (
      <Text as="p" tone="subdued">
        The score has not moved since it is asked for.
      </Text>
    );
  }
  const span = Math.max(1, now - first.at);
  const x = (at: number) => EDGE + ((at - first.at) / span) * (WIDTH - 2 * EDGE);
  const y = (score: number) => HEIGHT - EDGE - (score / MOST) * (HEIGHT - 2 * EDGE);
  const steps = points.flatMap(({ at, score }, index) => {
    return [
      { at, score },
      { at: points[index + 1]?.at ?? now, score },
    ];
  });
  const says = `Meta's score: from ${first.score} to ${last.score} of ${MOST}, ${points.length} readings`;
  return (
    <>
      {asTable ? (
        <DataTable
          columnContentTypes={["text", "numeric"]}
          headings={["Said", "Score of 10"]}
          rows={points.toReversed().map(({ at, score }) => [<Instant key={at} at={at} timezone={timezone} />, score])}
          increasedTableDensity
        />
      ) : (
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={says}>
          <LinePath
            data={steps}
            x={(step) => x(step.at)}
            y={(step) => y(step.score)}
            stroke="var(--p-color-icon-info)"
            strokeWidth={1.5}
          />
          <circle cx={x(now)} cy={y(last.score)} r={2.5} fill="var(--p-color-icon-info)" />
        </svg>
      )}
      <InlineStack>
        <Button variant="plain" onClick={() => setAsTable(!asTable)}>
          {asTable ? "Show the score as a chart" : "Show the score as a table"}
        </Button>
      </InlineStack>
    </>
  );
}
