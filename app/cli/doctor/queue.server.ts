import type { PrismaClient } from "@prisma/client";
import type { Registry } from "../../settings/registry.server";
import { type About, fine, lasting, type Row, wrong } from "./row";

/** What is due leaves within seconds; what has been due for so long is stuck. */
const LATE_MS = 10 * 60_000;

interface Opened {
  db: PrismaClient;
  registry: Registry;
}

interface Moment {
  now: number;
  /** Whether a server is there that would send what is due. */
  alive: boolean;
}

/** How many events wait for each dataset, and for how long the oldest has been due. */
export async function checkQueue({ db, registry }: Opened, { now, alive }: Moment): Promise<Row[]> {
  const waiting = await db.event.groupBy({
    by: ["datasetId"],
    where: { outcome: "waiting", runAt: { not: null } },
    _count: { _all: true },
    orderBy: { datasetId: "asc" },
  });
  if (waiting.length === 0) return [fine("queue", "nothing waits")];
  return Promise.all(
    waiting.map(async ({ datasetId, _count }) => {
      const oldest = await db.event.findFirst({
        where: { datasetId, outcome: "waiting", runAt: { lte: BigInt(now) } },
        orderBy: { runAt: "asc" },
        select: { runAt: true },
      });
      const age = oldest?.runAt == null ? 0 : now - Number(oldest.runAt);
      const found = registry.dataset(datasetId);
      const held = found?.dataset.heldReason ?? null;
      return rowOf(_count._all, age, causeOf(held, alive), aboutOf(datasetId, registry));
    }),
  );
}

function rowOf(waiting: number, age: number, cause: string, about: About): Row {
  if (age <= LATE_MS) return fine("queue", `${waiting} waiting`, about);
  return wrong("queue", `${waiting} waiting, the oldest due for ${lasting(age)}: ${cause}`, about);
}

function causeOf(heldReason: string | null, alive: boolean): string {
  if (heldReason !== null) return `${heldReason} holds them`;
  return alive ? "a server is running, see in its log what keeps it" : "no server is there to send them, start one";
}

function aboutOf(datasetId: number, registry: Registry): About {
  const found = registry.dataset(datasetId);
  return found === undefined
    ? { dataset: `#${datasetId}` }
    : { shop: found.shop.domain, dataset: found.dataset.dataset };
}
