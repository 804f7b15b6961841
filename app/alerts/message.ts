import { z } from "zod";
import { counted } from "../counted";
import { OUTCOMES, type Outcome } from "../events/outcome";
import { ALERT_KIND_NAMES, ALERT_KINDS, thresholdOf } from "./kinds";
import type { Occasion, Telling } from "./turn";

/** The numbers of a day, and the head that the ledger had at its end. */
export interface Daily {
  /** The day by the shop's own clock, YYYY-MM-DD. */
  day: string;
  /** How many events ended so; of all datasets. */
  counts: Partial<Record<Outcome, number>>;
  /** Null: there is no ledger yet. */
  head: string | null;
}

const occasions = ["opened", "lasts", "worse", "closed"] as const satisfies readonly Occasion[];

/** What one message tells; as it is stored until it has left. */
const bodySchema = z.object({
  tellings: z.array(
    z.object({
      kind: z.enum(ALERT_KIND_NAMES),
      subject: z.string(),
      occasion: z.enum(occasions),
      says: z.string(),
      measure: z.number(),
      openedAt: z.number(),
    }),
  ),
  daily: z
    .object({
      day: z.string(),
      counts: z.partialRecord(z.enum(OUTCOMES), z.number()),
      head: z.string().nullable(),
    })
    .nullable(),
  /** Somebody pressed the button. */
  test: z.boolean(),
});

export interface MessageBody {
  tellings: Telling[];
  daily: Daily | null;
  test: boolean;
}

/** Throws where it is of a version that this code does not know. */
export function parseBody(stored: string): MessageBody {
  return bodySchema.parse(JSON.parse(stored));
}

export const TEST_BODY: MessageBody = { tellings: [], daily: null, test: true };

/** What a message needs besides what it tells. */
export interface Envelope {
  /** The same on every try: who gets it twice can tell. */
  id: string;
  /** shop.myshopify.com */
  shop: string;
  /** When it was made, epoch milliseconds. */
  at: number;
}

const OCCASIONS: Record<Occasion, string> = {
  opened: "New",
  lasts: "Still so",
  worse: "Far worse",
  closed: "Over",
};

const DAILY_LABEL = "Daily summary";
const TEST_WORDS = "A test: somebody pressed the button on the Alerts page. Nothing is wrong.";

/** The same words as a mail. Plain text, names nobody. */
export function mailOf({ tellings, daily, test }: MessageBody, { shop }: Envelope): { subject: string; text: string } {
  const parts = [
    ...(test ? [TEST_WORDS] : []),
    ...tellings.map(paragraph),
    ...(daily === null ? [] : [dailyWords(daily)]),
  ];
  const [first] = tellings;
  const more = tellings.length > 1 ? ` and ${tellings.length - 1} more` : "";
  const about =
    first !== undefined
      ? `${OCCASIONS[first.occasion]}: ${ALERT_KINDS[first.kind].label}${more}`
      : daily !== null
        ? `${DAILY_LABEL}, ${daily.day}`
        : "Test alert";
  const foot = "Which alerts are sent, and to whom, is chosen in Tandem under Alerts.";
  return { subject: `[Tandem] ${shop}: ${about}`, text: `${[...parts, foot].join("\n\n")}\n` };
}

function paragraph({ kind, occasion, says, openedAt }: Telling): string {
  const { label, means, mend } = ALERT_KINDS[kind];
  const head = `${OCCASIONS[occasion]}: ${label}`;
  const since = `Since ${new Date(openedAt).toISOString()}.`;
  if (occasion === "closed") return `${head}\nIt was: ${says}\n${since}`;
  return `${head}\n${says}\n${since}\n\nWhat it means: ${means}\nWhat to do: ${mend}`;
}

function dailyWords({ day, counts, head }: Daily): string {
  const all = OUTCOMES.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
  const lines = OUTCOMES.flatMap((outcome) =>
    counts[outcome] ? [`${outcome}: ${counts[outcome]?.toLocaleString("en")}`] : [],
  );
  return [
    `${DAILY_LABEL}, ${day}`,
    `${counted(all, "event")} of the day, from the server:`,
    ...lines,
    ...(head === null ? [] : [`Head of the ledger: ${head}`]),
  ].join("\n");
}

/** The same as the body of a webhook: JSON, as docs/alerts.md describes it. */
export function webhookOf({ tellings, daily, test }: MessageBody, { id, shop, at }: Envelope): string {
  return JSON.stringify({
    version: 1,
    id,
    shop,
    at: new Date(at).toISOString(),
    test,
    alerts: tellings.map(({ kind, subject, occasion, says, measure, openedAt }) => ({
      kind,
      occasion,
      dataset: subject === "" ? null : subject,
      says,
      means: ALERT_KINDS[kind].means,
      mend: ALERT_KINDS[kind].mend,
      measure,
      unit: thresholdOf(kind)?.unit ?? null,
      since: new Date(openedAt).toISOString(),
    })),
    daily,
  });
}
