import type { PrismaClient } from "@prisma/client";
import { ulid } from "ulid";
import { CHANNEL_NAMES, type Channel, nextTry, type Sent } from "../alerts/channels";
import { findingsOf, isAlertKind } from "../alerts/kinds";
import { type Daily, type MessageBody, parseBody, TEST_BODY } from "../alerts/message";
import { type Telling, turn } from "../alerts/turn";
import type { Log } from "../log.server";
import { hasAddress, isTold } from "../settings/alerts";
import type { Registry, Shop } from "../settings/registry.server";
import type { AlertMessageRow, AlertRow, Store } from "../store/store.server";
import { sendOver, type Ways } from "./channels.server";
import { dailyOf, dueDay } from "./daily.server";
import { openSeeing, type SeeingDeps } from "./seen.server";

/** Looks at every shop, remembers what is the matter, and tells of it. */
export interface Alerts {
  /** Looks and tells, unless that is under way; nobody has to wait for a mail server. Never rejects. */
  tick(): Promise<void>;
  /** Tries every channel of a shop that has an address, and says what came of it. */
  test(shop: Shop): Promise<{ channel: Channel; sent: Sent }[]>;
  /** Begins nothing more; resolves when the message that is on its way has ended. */
  stop(): Promise<void>;
}

export interface AlertsDeps extends SeeingDeps {
  store: Pick<
    Store,
    | "faredSince"
    | "stuckOf"
    | "latestOrderCopies"
    | "orderCounts"
    | "eventCounts"
    | "turnAlerts"
    | "claimAlertMessages"
    | "settleAlertMessage"
  >;
  db: PrismaClient;
  registry: Pick<Registry, "all" | "shopById">;
  outgoing: Ways;
  log: Log;
  /** Where a shop's ledger stands, `<number>.<hash>`; null: it has none. */
  headOf?: (shopId: number) => Promise<string | null>;
  /** 0 to 1. */
  random?: () => number;
}

/** Nobody else sends a message for so long; who is killed with it in hand lets it fall due again. */
const CLAIM_MS = 5 * 60_000;
/** Messages on their way side by side, one of each shop and channel. */
const AT_ONCE = 20;
/** Such rounds in one go; what is left follows a minute later. */
const MOST_ROUNDS = 10;

/** In place of a kind, in the row that remembers which day was told last. */
const DAILY = "daily";

export function openAlerts(deps: AlertsDeps): Alerts {
  const { store, db, registry, outgoing, log, now, headOf = async () => null, random = Math.random } = deps;
  const see = openSeeing(deps);
  /** The last day told, by shop: it need not be counted again. */
  const told = new Map<number, string>();
  let stopped = false;
  let pass: Promise<void> | null = null;

  async function look(shop: Shop): Promise<void> {
    const { alerts: settings } = shop.settings;
    const seen = await see(shop);
    const findings = findingsOf(seen, (kind) => settings.kinds[kind]?.threshold);
    const daily = await dailyDue(shop, seen.now);
    let news: readonly Telling[] = [];
    await store.turnAlerts(shop.id, seen.now, (stored) => {
      const { alerts, tellings } = turn(stored, findings, isAlertKind, seen.now);
      news = tellings;
      const isNew = daily !== null && !stored.some(({ kind, says }) => kind === DAILY && says === daily.day);
      return {
        alerts: isNew ? [...alerts, dayRow(daily, seen.now)] : alerts,
        messages: messagesFor(shop, tellings, isNew ? daily : null),
      };
    });
    if (daily !== null) told.set(shop.id, daily.day);
    for (const { kind, subject, occasion, measure } of news) {
      log.warn({ shop: shop.domain, alert: kind, dataset: subject, measure }, `alert.${occasion}`);
    }
  }

  async function dailyDue(shop: Shop, at: number): Promise<Daily | null> {
    const { alerts } = shop.settings;
    if (!CHANNEL_NAMES.some((channel) => alerts.daily[channel] && hasAddress(alerts, channel))) return null;
    const due = dueDay(shop, at);
    if (due === null || told.get(shop.id) === due.day) return null;
    return dailyOf(db, shop.id, due, await headOf(shop.id));
  }

  async function send(message: AlertMessageRow): Promise<void> {
    const { id, shopId, createdAt, tries } = message;
    const shop = registry.shopById(shopId);
    const channel = CHANNEL_NAMES.find((one) => one === message.channel);
    const over = { id, shopId, tries, channel: message.channel, sentAt: null, runAt: null, fault: null };
    // Nobody is there any more to whom it could be told.
    if (shop === undefined || !shop.installed || channel === undefined || !hasAddress(shop.settings.alerts, channel)) {
      return store.settleAlertMessage(over);
    }
    const envelope = { id: `alert.${shopId}.${id}`, shop: shop.domain, at: createdAt };
    const sent = await sendOver(channel, parseBody(message.body), envelope, shop, outgoing);
    if (sent.ok) {
      log.info({ shop: shop.domain, channel, message: id }, "alert.sent");
      return store.settleAlertMessage({ ...over, sentAt: now() });
    }
    const runAt = nextTry(tries, createdAt, now(), random);
    log.warn({ shop: shop.domain, channel, message: id, tries, again: runAt !== null }, "alert.not_sent");
    return store.settleAlertMessage({ ...over, runAt, fault: sent.says });
  }

  /** What of ours fails must not be tried forever either. */
  async function sendOrPutOff(message: AlertMessageRow): Promise<void> {
    const { id, shopId, channel, tries, createdAt } = message;
    try {
      await send(message);
    } catch (error) {
      failed({ message: id })(error);
      const runAt = nextTry(tries, createdAt, now(), random);
      const fault = "A fault of Tandem's own kept it from being sent.";
      await store.settleAlertMessage({ id, shopId, channel, tries, sentAt: null, runAt, fault });
    }
  }

  async function sendDue(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS && !stopped; round += 1) {
      const due = await store.claimAlertMessages(now(), now() + CLAIM_MS, AT_ONCE);
      if (due.length === 0) return;
      // One that does not answer keeps none of the others waiting.
      await Promise.all(due.map(sendOrPutOff));
    }
  }

  const failed = (words: object) => (error: unknown) => log.error({ err: error, ...words }, "alerts.failed");

  async function lookAndTell(): Promise<void> {
    for (const shop of registry.all()) {
      if (stopped) return;
      if (shop.installed) await look(shop).catch(failed({ shop: shop.domain }));
    }
    await sendDue().catch(failed({}));
  }

  return {
    async tick() {
      if (stopped || pass !== null) return;
      pass = lookAndTell().finally(() => {
        pass = null;
      });
      await pass;
    },
    test: (shop) =>
      Promise.all(
        CHANNEL_NAMES.filter((channel) => hasAddress(shop.settings.alerts, channel)).map(async (channel) => {
          const envelope = { id: `alert.test.${ulid(now())}`, shop: shop.domain, at: now() };
          return { channel, sent: await sendOver(channel, TEST_BODY, envelope, shop, outgoing) };
        }),
      ),
    async stop() {
      stopped = true;
      await pass;
    },
  };
}

/** One message for each channel that has something to tell, whatever it all is. */
function messagesFor({ settings: { alerts } }: Shop, tellings: readonly Telling[], daily: Daily | null) {
  return CHANNEL_NAMES.filter((channel) => hasAddress(alerts, channel)).flatMap((channel) => {
    const body: MessageBody = {
      tellings: tellings.filter(({ kind }) => isTold(alerts, kind, channel)),
      daily: alerts.daily[channel] ? daily : null,
      test: false,
    };
    return body.tellings.length === 0 && body.daily === null ? [] : [{ channel, body: JSON.stringify(body) }];
  });
}

/** That a day was told outlives the process. */
function dayRow({ day }: Daily, now: number): AlertRow {
  const at = { openedAt: now, seenAt: now, closedAt: now, toldAt: now };
  return { kind: DAILY, subject: "", measure: 0, says: day, toldMeasure: 0, ...at };
}
