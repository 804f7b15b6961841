import type { PrismaClient } from "@prisma/client";
import { CHANNEL_NAMES } from "../alerts/channels";
import { ALERT_KIND_NAMES, isAlertKind } from "../alerts/kinds";
import type { ChannelState, OpenAlert } from "../alerts/view";

/** A shop's open alerts, in the order of the table of kinds. */
export async function openAlertsOf(db: PrismaClient, shopId: number): Promise<OpenAlert[]> {
  const rows = await db.alert.findMany({ where: { shopId, closedAt: null }, orderBy: { openedAt: "asc" } });
  const alerts = rows.flatMap(({ kind, subject, says, openedAt }) =>
    isAlertKind(kind) ? [{ kind, subject, says, openedAt: Number(openedAt) }] : [],
  );
  const place = ({ kind }: OpenAlert) => ALERT_KIND_NAMES.indexOf(kind);
  return alerts.sort((a, b) => place(a) - place(b));
}

/** How the ways out of a shop's alerts fare. */
export async function channelStatesOf(db: PrismaClient, shopId: number): Promise<ChannelState[]> {
  const rows = await db.alertMessage.findMany({ where: { shopId }, orderBy: { id: "asc" } });
  return CHANNEL_NAMES.map((channel) => {
    const messages = rows.filter((row) => row.channel === channel);
    const waiting = messages.filter(({ runAt }) => runAt !== null);
    // They leave one after the other: what keeps the first keeps all.
    const first = waiting[0] ?? messages.at(-1);
    const sentAt = messages.flatMap((row) => (row.sentAt === null ? [] : [Number(row.sentAt)])).at(-1) ?? null;
    const nextAt = waiting[0]?.runAt ?? null;
    return {
      channel,
      sentAt,
      waiting: waiting.length,
      fault: first?.fault ?? null,
      nextAt: nextAt === null ? null : Number(nextAt),
    };
  });
}
