import { all, run, type Sql, type Work } from "../statement";

/** What Meta said of the quality of what it gets for a dataset, as JSON. */
export interface ToldQuality {
  datasetId: number;
  /** All of it. */
  reading: string;
  /** What tells senders apart, of one asking; null: what was known of it stays. */
  senders: { overall: string; ours: string } | null;
}

const TOLD = `
  INSERT INTO "DatasetQuality" ("datasetId", "overall", "ours", "firstAt", "answeredAt", "askedAt")
  VALUES (?1, coalesce(CAST(?2 AS TEXT), '[]'), coalesce(CAST(?3 AS TEXT), '[]'), ?4, ?4, ?4)
  ON CONFLICT ("datasetId") DO UPDATE
    SET "overall" = coalesce(CAST(?2 AS TEXT), "DatasetQuality"."overall"),
      "ours" = coalesce(CAST(?3 AS TEXT), "DatasetQuality"."ours"),
      "answeredAt" = excluded."answeredAt", "askedAt" = excluded."askedAt",
      "fault" = NULL, "faultCode" = NULL, "faultSubcode" = NULL, "faultAt" = NULL`;

// Meta counts over days and answers the same for hours: what has not changed is not written again.
const CHANGED: Sql = `
  INSERT INTO "QualityReading" ("datasetId", "at", "reading")
  SELECT CAST(?1 AS INTEGER), CAST(?2 AS BIGINT), CAST(?3 AS TEXT)
  WHERE coalesce(
    (SELECT "reading" FROM "QualityReading" WHERE "datasetId" = ?1 ORDER BY "at" DESC, "id" DESC LIMIT 1), '') <> ?3`;

/** Keeps the last answer, when the first one came, and what has changed by it. */
export function* qualityTold({ datasetId, reading, senders }: ToldQuality, now: number): Work<void> {
  yield* run(TOLD, datasetId, senders?.overall ?? null, senders?.ours ?? null, now);
  yield* run(CHANGED, datasetId, now, reading);
}

/** Why Meta did not say; the codes are Meta's. */
export interface RefusedQuality {
  reason: string;
  code: number | null;
  subcode: number | null;
}

// Since when the same reason stands is what a merchant can do something with.
const REFUSED = `
  INSERT INTO "DatasetQuality"
    ("datasetId", "overall", "ours", "firstAt", "askedAt", "fault", "faultCode", "faultSubcode", "faultAt")
  VALUES (?1, '[]', '[]', ?5, ?5, ?2, ?3, ?4, ?5)
  ON CONFLICT ("datasetId") DO UPDATE
    SET "askedAt" = excluded."askedAt", "faultCode" = excluded."faultCode", "faultSubcode" = excluded."faultSubcode",
      "faultAt" = CASE WHEN "DatasetQuality"."fault" = excluded."fault"
        THEN "DatasetQuality"."faultAt" ELSE excluded."faultAt" END,
      "fault" = excluded."fault"`;

/** Keeps why there was no answer, beside the last one that there was. */
export function* qualityRefused(datasetId: number, { reason, code, subcode }: RefusedQuality, now: number): Work<void> {
  yield* run(REFUSED, datasetId, reason, code, subcode, now);
}

/** When each dataset was last asked about; epoch milliseconds. */
export function* qualityAskedAt(): Work<Map<number, number>> {
  const rows = yield* all<{ datasetId: number; askedAt: number }>(
    `SELECT "datasetId", "askedAt" FROM "DatasetQuality"`,
  );
  return new Map(rows.map(({ datasetId, askedAt }) => [datasetId, Number(askedAt)]));
}
