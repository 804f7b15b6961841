import type { DatasetQuality, PrismaClient } from "@prisma/client";
import { readingOf, scoresOf } from "../delivery/dataset-quality";
import { isRefusal, REFUSALS } from "../delivery/quality-refusal";
import { connectedDatasets, type Shop } from "../settings/registry.server";
import type { MetaQuality, MetaRefusal, ScorePoint } from "./meta-quality";

const DAY_MS = 24 * 3_600_000;
const HISTORY_MS = 30 * DAY_MS;

/** What Meta says of the events of each dataset that a shop has connected. */
export async function metaQualityOf(db: PrismaClient, shop: Shop, now: number): Promise<MetaQuality[]> {
  const datasets = connectedDatasets(shop);
  const rows = await db.datasetQuality.findMany({ where: { datasetId: { in: datasets.map(({ id }) => id) } } });
  const byDataset = new Map(rows.map((row) => [row.datasetId, row]));
  return Promise.all(
    datasets.map(async ({ id, dataset }) => {
      const row = byDataset.get(id);
      if (row === undefined) {
        return { dataset, askedAt: null, answeredAt: null, refusal: null, events: [], history: [] };
      }
      const readings = await readingsOf(db, id, now);
      const last = readings.at(-1);
      return {
        dataset,
        askedAt: Number(row.askedAt),
        answeredAt: row.answeredAt === null ? null : Number(row.answeredAt),
        refusal: refusalOf(row),
        events: last === undefined ? [] : readingOf(last.reading),
        history: readings.flatMap(pointsOf),
      };
    }),
  );
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
