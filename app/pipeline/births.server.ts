import type { TandemEvent } from "../events/event";
import { ruleEventId, subscribeId } from "../events/event-id";
import { isEventName } from "../events/names";
import { type Ending, endingFor } from "../events/outcome";
import { answerOf, type RuleSubject } from "../events/rules";
import { isOn, type Settings } from "../settings/settings";
import { type SendingShop, worth } from "./outgoing.server";
import { type Addressee, type Told, type Treated, treat } from "./treatment";

/** An event that comes to be for one dataset. */
export interface Birth extends Treated {
  /** The event it is made of; its own name where it is made of none. */
  base: string;
  /** The merchant's rule that made it; null: no rule did. */
  rule: string | null;
  /** It is what became of an order, which the ledger tells of; not something made of it besides. */
  ownOfOrder: boolean;
}

/**
 * All that one message gives birth to for a dataset: the event itself, and what the merchant makes of it besides. What
 * cannot be told yet is born all the same, and decided when it is claimed and more is known.
 */
export function birthsOf(
  told: Told,
  topic: string,
  addressee: Addressee,
  settings: Settings,
  shop: Pick<SendingShop, "currency" | "taxesIncluded">,
): Birth[] {
  const treated = treat(told, topic, addressee, settings);
  const { name } = treated.event;
  const base: Birth = {
    ...treated,
    end: told.skip === null ? (offOf(name, addressee.dataset, settings) ?? treated.end) : treated.end,
    base: name,
    rule: null,
    ownOfOrder: told.order !== null,
  };
  if (treated.end !== null) return [base];
  const made = (event: TandemEvent, rule: string | null): Birth => ({
    ...treated,
    event,
    base: name,
    rule,
    ownOfOrder: false,
  });
  const subscribes =
    mayStartSubscription(treated.event) && isOn(settings, "Subscribe", "server", addressee.dataset)
      ? [made(subscribeOf(treated.event), null)]
      : [];
  const subject = subjectOf(treated.event, addressee, shop);
  const ruled = settings.rules
    .filter((rule) => rule.on && rule.base === name && answerOf(rule.when, subject) !== false)
    .map(({ key, name: custom }) =>
      made({ ...treated.event, name: custom, id: ruleEventId(key, treated.event.id) }, key),
    );
  return [base, ...subscribes, ...ruled];
}

function offOf(name: string, dataset: string | null, settings: Settings): Ending | null {
  return !isEventName(name) || isOn(settings, name, "server", dataset) ? null : endingFor("event_off");
}

/** An order with a subscription in it, as far as anybody has said; a renewal is no start. */
function mayStartSubscription({ name, facts: { source, lines } }: TandemEvent): boolean {
  const shopper = source === "web" || source === "channel" || source === "draft" || source === "pos";
  return name === "Purchase" && shopper && lines.some(({ subscription }) => subscription !== false);
}

function subscribeOf(purchase: TandemEvent): TandemEvent {
  return { ...purchase, name: "Subscribe", id: subscribeId(purchase.facts.orderId ?? "") };
}

/** As much as is known without asking anybody. */
function subjectOf(
  { name, facts }: TandemEvent,
  { policy }: Addressee,
  shop: Pick<SendingShop, "currency" | "taxesIncluded">,
): RuleSubject {
  return { facts, value: worth({ name, facts }, shop, policy), firstOrder: facts.firstOrder, products: new Map() };
}
