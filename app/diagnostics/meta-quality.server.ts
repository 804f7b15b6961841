import type { DatasetQuality, PrismaClient } from "@prisma/client";
import { readingOf, scoresOf } from "../delivery/dataset-quality";
import { isRefusal, REFUSALS } from "../delivery/quality-refusal";
import type { MetaQuality, MetaRefusal, ScorePoint } from "./meta-quality";

const DAY_MS = 24 * 3_600_000;
const HISTORY_MS = 30 * DAY_MS;

/** What Meta says of the events of a dataset. */
export async function metaQualityOf(
  db: PrismaClient,
  { id, dataset }: { id: number; dataset: string },
): Promise<MetaQuality> {
  const [row, last] = await Promise.all([
    db.datasetQuality.findUnique({ where: { datasetId: id } }),
    db.qualityReading.findFirst({
      where: { datasetId: id },
      orderBy: [{ at: "desc" }, { id: "desc" }],
      select: { reading: true },
    }),
  ]);
  if (row === null) return { dataset, askedAt: null, answeredAt: null, refusal: null, events: [] };
  return {
    dataset,
    askedAt: Number(row.askedAt),
    answeredAt: row.answeredAt === null ? null : Number(row.answeredAt),
    refusal: refusalOf(row),
    events: last === null ? [] : readingOf(last.reading),
  };
}

/**
 * The scores of an event, of thirty days and what stood as they began, oldest first. A day has a point where Meta said something
 * else than before: until the next point, a score stands.
 */
export async function scoreHistoryOf(
  db: PrismaClient,
  datasetId: number,
  event: string,
  now: number,
): Promise<ScorePoint[]> {
  const readings = await readingsOf(db, datasetId, now);
  return readings.flatMap(pointsOf).filter((point) => point.event === event);
}

interface Reading {
  at: bigint;
  reading: string;
}

/** The last reading of each UTC day of the history, and the one before, oldest first: an hourly one would be much to read. */
async function readingsOf(db: PrismaClient, datasetId: number, now: number): Promise<Reading[]> {
  const since = BigInt(now - HISTORY_MS);
  const [before, within] = await Promise.all([
    db.qualityReading.findFirst({
      where: { datasetId, at: { lt: since } },
      orderBy: [{ at: "desc" }, { id: "desc" }],
      select: { id: true },
    }),
    db.qualityReading.findMany({
      where: { datasetId, at: { gte: since } },
      orderBy: [{ at: "asc" }, { id: "asc" }],
      select: { id: true, at: true },
    }),
  ]);
  const lastOfDay = new Map(within.map(({ id, at }) => [Math.floor(Number(at) / DAY_MS), id]));
  const ids = [...(before === null ? [] : [before.id]), ...lastOfDay.values()];
  return db.qualityReading.findMany({
    where: { id: { in: ids } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
    select: { at: true, reading: true },
  });
}

function pointsOf({ at, reading }: Reading): ScorePoint[] {
  return scoresOf(reading).map(({ event, score }) => ({ at: Number(at), event, score }));
}

function refusalOf({ fault, faultCode, faultSubcode, faultAt, askedAt }: DatasetQuality): MetaRefusal | null {
  if (fault === null) return null;
  const { says, steps } = REFUSALS[isRefusal(fault) ? fault : "unreadable"];
  const code = faultCode === null ? null : `${faultCode}${faultSubcode === null ? "" : `/${faultSubcode}`}`;
  return { says, steps, since: Number(faultAt ?? askedAt), code };
}
