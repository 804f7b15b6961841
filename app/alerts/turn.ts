import type { AlertKind, Finding } from "./kinds";

/** An alert as it is stored. Epoch milliseconds. */
export interface StoredAlert {
  /** As it was stored, perhaps by a version that knew other kinds. */
  kind: string;
  subject: string;
  openedAt: number;
  /** When its cause was last seen. */
  seenAt: number;
  /** Null: it is open. */
  closedAt: number | null;
  measure: number;
  says: string;
  toldAt: number;
  toldMeasure: number;
}

/** Why an alert is told. */
export type Occasion = "opened" | "lasts" | "worse" | "closed";

/** What is told of an alert. */
export interface Telling {
  kind: AlertKind;
  subject: string;
  occasion: Occasion;
  says: string;
  measure: number;
  /** Since when, epoch milliseconds. */
  openedAt: number;
}

/** One that lasts is told again after so long. */
const LASTS_MS = 24 * 3_600_000;
/** And at once where it is so many times as bad as when it was told. */
const WORSE = 10;
/** A cause that comes and goes within this is one. */
const CALM_MS = 10 * 60_000;

/**
 * What becomes of a shop's alerts with what is found now, and what is told of it: each once when it opens, again where it lasts
 * a day or is ten times as bad, and once when it is over. Pure. `alerts`: those that are not as they were stored.
 */
export function turn(
  stored: readonly StoredAlert[],
  findings: readonly Finding[],
  isKind: (name: string) => name is AlertKind,
  now: number,
): { alerts: StoredAlert[]; tellings: Telling[] } {
  const before = new Map(stored.map((alert) => [keyOf(alert), alert]));
  const found = new Map(findings.map((finding) => [keyOf(finding), finding]));
  const alerts: StoredAlert[] = [];
  const tellings: Telling[] = [];
  for (const finding of findings) {
    const known = before.get(keyOf(finding));
    const occasion = occasionOf(known, finding, now);
    const { kind, subject, measure, says } = finding;
    const openedAt = known === undefined || known.closedAt !== null ? now : known.openedAt;
    const told = occasion === null && known !== undefined ? known : { toldAt: now, toldMeasure: measure };
    const { toldAt, toldMeasure } = told;
    alerts.push({ kind, subject, openedAt, seenAt: now, closedAt: null, measure, says, toldAt, toldMeasure });
    if (occasion !== null) tellings.push({ kind, subject, occasion, says, measure, openedAt });
  }
  for (const alert of stored) {
    if (alert.closedAt !== null || found.has(keyOf(alert)) || now - alert.seenAt < CALM_MS) continue;
    alerts.push({ ...alert, closedAt: now });
    const { kind, subject, says, measure, openedAt } = alert;
    if (isKind(kind)) tellings.push({ kind, subject, occasion: "closed", says, measure, openedAt });
  }
  return { alerts, tellings };
}

/** Null: there is nothing to tell. */
function occasionOf(known: StoredAlert | undefined, { measure }: Finding, now: number): Occasion | null {
  if (known === undefined || known.closedAt !== null) return "opened";
  if (measure >= WORSE * Math.max(1, known.toldMeasure)) return "worse";
  return now - known.toldAt >= LASTS_MS ? "lasts" : null;
}

function keyOf({ kind, subject }: { kind: string; subject: string }): string {
  return `${kind} ${subject}`;
}
