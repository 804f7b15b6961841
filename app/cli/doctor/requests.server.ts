import type { PrismaClient } from "@prisma/client";
import { counted } from "../../counted";
import { COMPLIANCE_TOPICS } from "../../privacy/topics";
import { fine, lasting, type Row, wrong } from "./row";

/** They are acted on within seconds where a server runs. */
const PATIENCE_MS = 3_600_000;

/** Whether requests to see or to erase data lie unanswered: the law counts the days. */
export async function checkRequests(db: PrismaClient, now: number): Promise<Row> {
  const open = await db.notice.findMany({
    where: { topic: { in: COMPLIANCE_TOPICS }, closedAt: null, receivedAt: { lte: BigInt(now - PATIENCE_MS) } },
    select: { topic: true, receivedAt: true },
    orderBy: { id: "asc" },
  });
  const [oldest] = open;
  if (oldest === undefined) return fine("privacy", "no request to see or to erase data is left open");
  const age = lasting(now - Number(oldest.receivedAt));
  return wrong(
    "privacy",
    `${counted(open.length, "request")} to see or to erase data open, for ${age} by now (${oldest.topic}): ` +
      "start a server, or look for notice.failed in its log",
  );
}
