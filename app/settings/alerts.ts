import { z } from "zod";
import type { Channel } from "../alerts/channels";
import { ALERT_KIND_NAMES, type AlertKind, thresholdOf } from "../alerts/kinds";
import { addressFault } from "../outgoing/merchant-address";

/** https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address, with a dot in the host. */
const MAIL_ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)+$/i;
const MOST_ADDRESSES = 5;

const channels = z.strictObject({ mail: z.boolean().optional(), webhook: z.boolean().optional() });

/** What a shop says of one kind; what it leaves out is as the table has it. */
const kindSchema = channels.extend({ threshold: z.number().int("must be a whole number").optional() });

const kinds = z.partialRecord(z.enum(ALERT_KIND_NAMES), kindSchema).superRefine((chosen, context) => {
  for (const kind of ALERT_KIND_NAMES) {
    const value = chosen[kind]?.threshold;
    const limits = thresholdOf(kind);
    if (value === undefined || (limits !== null && value >= limits.least && value <= limits.most)) continue;
    const message =
      limits === null
        ? "has nothing to choose"
        : `must be from ${limits.least.toLocaleString("en")} to ${limits.most.toLocaleString("en")} (${limits.unit})`;
    context.addIssue({ code: "custom", path: [kind], message });
  }
});

/** Whom a shop's alerts go to, and which. */
export const alertsSchema = z.strictObject({
  mail: z
    .array(z.string().trim().max(254, "is too long").regex(MAIL_ADDRESS, "is no e-mail address"))
    .max(MOST_ADDRESSES, `there may be ${MOST_ADDRESSES} at the most`)
    .default([]),
  webhook: z
    .string()
    .max(2_000, "is too long")
    .superRefine((address, context) => {
      const fault = addressFault(address);
      if (fault !== null) context.addIssue({ code: "custom", message: fault });
    })
    .nullable()
    .default(null),
  /** Which of its secrets signs the webhook: +1 makes a new one. */
  webhookSecret: z.number().int().min(1).default(1),
  /** A message a day, whatever happened. */
  daily: z.strictObject({ mail: z.boolean(), webhook: z.boolean() }).default({ mail: false, webhook: false }),
  kinds: kinds.default({}),
});

export type AlertSettings = z.output<typeof alertsSchema>;

/** Whether alerts of a kind are told over a channel, where that has an address. */
export function isTold({ kinds: chosen }: AlertSettings, kind: AlertKind, channel: Channel): boolean {
  return chosen[kind]?.[channel] ?? true;
}

/** Whether a channel has somebody at its end. */
export function hasAddress({ mail, webhook }: AlertSettings, channel: Channel): boolean {
  return channel === "mail" ? mail.length > 0 : webhook !== null;
}
