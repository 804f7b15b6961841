import type { PrismaClient } from "@prisma/client";
import type { Shop } from "../settings/registry.server";
import { type Receipt, receiptSchema } from "./receipt";
import { COMPLIANCE_TOPICS, type ComplianceTopic } from "./topics";
import { type Whom, whomSchema } from "./whom";

/** A request as the merchant sees it. Instants are epoch milliseconds. */
export interface ComplianceRequest {
  id: number;
  topic: ComplianceTopic;
  receivedAt: number;
  /** When it was acted on; null: not yet. */
  closedAt: number | null;
  receipt: Receipt | null;
  /** When the database's files were clean of what it erased. */
  sweptAt: number | null;
  /** Whether it is still known whom it is about, so that a report can be made. */
  reportable: boolean;
}

const SHOWN = 100;

/** A shop's newest requests. */
export async function requestsOf(shopId: number, db: PrismaClient): Promise<ComplianceRequest[]> {
  const rows = await db.notice.findMany({
    where: { shopId, topic: { in: COMPLIANCE_TOPICS } },
    orderBy: { id: "desc" },
    take: SHOWN,
  });
  return rows.map((row) => ({
    id: row.id,
    topic: row.topic as ComplianceTopic,
    receivedAt: Number(row.receivedAt),
    closedAt: row.closedAt === null ? null : Number(row.closedAt),
    receipt: row.receipt === null ? null : receiptSchema.parse(JSON.parse(row.receipt)),
    sweptAt: row.sweptAt === null ? null : Number(row.sweptAt),
    reportable: row.topic === "customers/data_request" && row.body !== "",
  }));
}

interface OpenRequest {
  id: number;
  whom: Whom;
}

/** Requests to see what is kept, of which it is still known whom they are about. */
export async function openRequests(shop: Shop, db: PrismaClient): Promise<OpenRequest[]> {
  const rows = await db.notice.findMany({
    where: { shopId: shop.id, topic: "customers/data_request", body: { not: "" } },
    select: { id: true, body: true },
  });
  return rows.flatMap(({ id, body }) => {
    const whom = whomOf(shop, body);
    return whom === null ? [] : [{ id, whom }];
  });
}

/** Whom a request is about; null: its key is gone, or it is no longer kept. */
export function whomOf(shop: Shop, body: string): Whom | null {
  if (body === "") return null;
  try {
    return whomSchema.parse(JSON.parse(shop.open("Notice.body", body)));
  } catch {
    return null;
  }
}
