import { openDatabase } from "~/db.server";
import type { FaultStore } from "../store";

type Reading = Pick<FaultStore, "spoil" | "waiting" | "rows" | "beaconKey" | "heldReason" | "requestsWritten">;

/** Meta wants whole ones. */
const HALF_A_PIECE = 0.5;

/** Everything the harness asks of a database, by the app's own client: the same for both stores. */
export function readingFrom(url: string): Reading {
  async function read<T>(query: (db: ReturnType<typeof openDatabase>) => Promise<T>): Promise<T> {
    const db = openDatabase(url);
    try {
      return await query(db);
    } finally {
      await db.$disconnect();
    }
  }
  return {
    spoil: (eventIds) =>
      read(async (db) => {
        const spoilt = { eventId: { in: [...eventIds] } };
        for (const row of await db.event.findMany({ where: spoilt, select: { id: true, facts: true } })) {
          const facts = JSON.parse(row.facts ?? "{}") as { lines: object[] };
          const lines = facts.lines.map((line) => ({ ...line, quantity: HALF_A_PIECE }));
          await db.event.updateMany({ where: { id: row.id }, data: { facts: JSON.stringify({ ...facts, lines }) } });
        }
      }),
    waiting: () =>
      read(async (db) => {
        const { _count, _min, _max } = await db.event.aggregate({
          where: { outcome: "waiting" },
          _count: true,
          _min: { runAt: true },
          _max: { runAt: true },
        });
        const { pausedUntil } = await db.dataset.findFirstOrThrow();
        const nextAt = instant(_min.runAt);
        return {
          count: _count,
          nextAt: nextAt === null ? null : Math.max(nextAt, instant(pausedUntil) ?? 0),
          lastAt: instant(_max.runAt),
        };
      }),
    rows: () =>
      read(async (db) => {
        const datasets = new Map((await db.dataset.findMany()).map(({ id, dataset }) => [id, dataset]));
        const rows = await db.event.findMany({
          select: {
            datasetId: true,
            name: true,
            eventId: true,
            outcome: true,
            reason: true,
            lease: true,
          },
        });
        return rows.map(({ datasetId, lease, ...row }) => ({
          ...row,
          dataset: datasets.get(datasetId) ?? "",
          claimed: lease !== null,
        }));
      }),
    beaconKey: () => read(async (db) => (await db.shop.findFirstOrThrow()).beaconKey),
    heldReason: () => read(async (db) => (await db.dataset.findFirstOrThrow()).heldReason),
    requestsWritten: () =>
      read(async (db) => (await db.attempt.findMany({ select: { bytesHash: true } })).map((row) => row.bytesHash)),
  };
}

function instant(column: bigint | null): number | null {
  return column === null ? null : Number(column);
}
