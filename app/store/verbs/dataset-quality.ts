import { run, type Work } from "../statement";

/** What Meta said of the quality of what it gets for a dataset, as JSON. */
export interface ToldQuality {
  datasetId: number;
  overall: string;
  ours: string;
}

const TOLD = `
  INSERT INTO "DatasetQuality" ("datasetId", "overall", "ours", "firstAt", "askedAt") VALUES (?1, ?2, ?3, ?4, ?4)
  ON CONFLICT ("datasetId") DO UPDATE
    SET "overall" = excluded."overall", "ours" = excluded."ours", "askedAt" = excluded."askedAt"`;

/** Keeps the last answer, and when the first one came. */
export function* qualityTold({ datasetId, overall, ours }: ToldQuality, now: number): Work<void> {
  yield* run(TOLD, datasetId, overall, ours, now);
}
