import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type BrowserContext, type ConsentSignal, unknownBrowser } from "../events/event";
import { type Ending, endingFor } from "../events/outcome";
import { joinBrowser } from "../match-keys/join-browser";
import { isPastWindow, timeOnArrival } from "../outbox/window";
import { checkedBrowser } from "../pipeline/browser-context.server";
import { endOnArrival, recognise } from "../pipeline/incoming.server";
import { prepare } from "../pipeline/outgoing.server";
import { openRegistry } from "../settings/registry.server";
import { DEFAULT_SETTINGS, type Settings } from "../settings/settings";
import { instant } from "../sources/fields";
import { parseJson } from "../sources/json";
import type { EventReading } from "../sources/reading";
import { isTopic, TOPICS } from "../sources/topics";
import { BadInput, type Command, type CommandContext, flagsOf, readAll, required, shopFlag } from "./command.server";
import { withStore } from "./open-store.server";

const field = z.string().nullish();

/** What may be known of a browser, as a file. */
const browserFile = z.strictObject({
  fbp: field,
  fbc: field,
  clientIp: field,
  userAgent: field,
  url: field,
  clientId: field,
  consent: z
    .strictObject({
      analytics: z.boolean().optional(),
      marketing: z.boolean().optional(),
      preferences: z.boolean().optional(),
      saleOfData: z.boolean().optional(),
    })
    .nullish(),
});

interface PayloadShop {
  settings: Settings;
  country: string | null;
  primaryDomain: string | null;
}

interface Told {
  browser: BrowserContext;
  signal: ConsentSignal | null;
}

const UNKNOWN_SHOP: PayloadShop = { settings: DEFAULT_SETTINGS, country: null, primaryDomain: null };
const GIVEN: ConsentSignal = { analytics: true, marketing: true, preferences: true, saleOfData: true };

/** Prints what a webhook would send, byte for byte, without sending it. */
export const payload: Command = {
  usage: "payload --topic T [--shop S] [--browser FILE] [--now ISO] < body.json",
  does: "prints the events a webhook would send to Meta, and everything it would not",
  async run(args, context) {
    const flags = flagsOf(args, { topic: "string", shop: "string", browser: "string", now: "string" });
    const topic = required(flags.topic, "--topic");
    if (!isTopic(topic)) throw new BadInput("--topic", `must be one of ${Object.keys(TOPICS).join(", ")}`);
    const now = nowFlag(flags.now);
    const told = await toldBy(flags.browser);
    const shop = flags.shop === undefined ? UNKNOWN_SHOP : await findShop(shopFlag(flags.shop), context);
    const body = await bodyOf(context);
    const row = TOPICS[topic];
    const result = row.read(body, shop);
    if (!result.ok) {
      return print(context, [], [{ event: row.event ?? topic, outcome: "rejected", reason: result.field }]);
    }
    const { reading } = result;
    switch (reading.kind) {
      case "event":
        return printEvent(context, reading, shop, told, now);
      case "enrichment":
        return print(context, [], [skipped(reading.name, endingFor("enriches_only"))]);
      case "off":
        return print(context, [], [skipped(reading.name, endingFor("event_off"))]);
      case "notice":
        return print(context, [], []);
    }
  },
};

function printEvent(
  context: CommandContext,
  reading: EventReading,
  shop: PayloadShop,
  told: Told,
  now: number | null,
): 0 {
  const { event } = reading;
  const known = recognise(reading, event.time, shop.country);
  const end = endOnArrival(reading, shop.settings);
  if (end !== null) return print(context, [], [skipped(event.name, end)]);
  const time = now === null ? { time: event.time } : timeOnArrival(event.time, now);
  if (time === "event_time_in_future") return print(context, [], [skipped(event.name, endingFor(time))]);
  if (now !== null && isPastWindow({ actionSource: event.actionSource, eventTime: event.time }, now)) {
    return print(context, [], [skipped(event.name, endingFor("too_late"))]);
  }
  const prepared = prepare(
    {
      name: event.name,
      eventId: event.id,
      time: time.time,
      actionSource: event.actionSource,
      facts: event.facts,
      keys: known.keys,
      browser: joinBrowser(known.browser, [told.browser]),
      beacon: false,
    },
    shop,
    told.signal,
  );
  return prepared.ok
    ? print(context, [prepared.departure.json], [])
    : print(context, [], [skipped(event.name, prepared.ending)]);
}

interface Skipped {
  event: string;
  outcome: string;
  reason: string | null;
}

function skipped(event: string, { outcome, reason }: Ending): Skipped {
  return { event, outcome, reason };
}

/** `events`: JSON texts, printed as they travel. */
function print({ terminal }: CommandContext, events: string[], notSent: Skipped[]): 0 {
  terminal.out(`{"events":[${events.join(",")}],"skipped":${JSON.stringify(notSent)}}\n`);
  return 0;
}

async function bodyOf({ terminal }: CommandContext): Promise<unknown> {
  try {
    return parseJson(await readAll(terminal.stdin));
  } catch {
    throw new BadInput("standard input", "must be the webhook's body: JSON");
  }
}

function nowFlag(value: string | undefined): number | null {
  if (value === undefined) return null;
  const now = instant.safeParse(value);
  if (now.success) return now.data;
  throw new BadInput("--now", "must be an ISO 8601 time with an offset, such as 2026-11-20T10:00:00Z");
}

/** Without a file nothing is known of the browser and consent counts as given; with one, only what it says. */
async function toldBy(path: string | undefined): Promise<Told> {
  if (path === undefined) return { browser: unknownBrowser(), signal: GIVEN };
  const parsed = browserFile.safeParse(await jsonFile(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
    const at = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join(".");
    throw new BadInput(`--browser ${at}`.trim(), issue?.message ?? "does not fit");
  }
  const { consent, clientIp, ...rest } = parsed.data;
  const browser = checkedBrowser({
    ...unknownBrowser(),
    fbp: rest.fbp ?? null,
    fbc: rest.fbc ?? null,
    userAgent: rest.userAgent ?? null,
    url: rest.url ?? null,
    clientId: rest.clientId ?? null,
    ip: clientIp ?? null,
  });
  // A purpose the file does not mention was not allowed, except the sale of data, which a shopper must opt out of.
  const signal = consent
    ? { analytics: false, marketing: false, preferences: false, saleOfData: true, ...defined(consent) }
    : null;
  return { browser, signal };
}

function defined(consent: { [key: string]: boolean | undefined }): Partial<ConsentSignal> {
  return Object.fromEntries(Object.entries(consent).filter(([, value]) => value !== undefined));
}

async function jsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw new BadInput("--browser", `${path} cannot be read`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new BadInput("--browser", `${path} must be JSON`);
  }
}

async function findShop(domain: string, context: CommandContext): Promise<PayloadShop> {
  return withStore(context, async ({ db, keyring, store }) => {
    const registry = await openRegistry({ db, keyring, version: () => store.settingsVersion() });
    const shop = registry.shop(domain);
    if (shop === undefined) throw new BadInput("--shop", `${domain} is not connected; see: shop list`);
    return shop;
  });
}
