import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type BrowserContext, type ConsentSignal, unknownBrowser } from "../events/event";
import { endingFor } from "../events/outcome";
import { joinBrowser } from "../match-keys/join-browser";
import { checkedBrowser } from "../pipeline/browser-context.server";
import { addresseeOf, recognise } from "../pipeline/incoming.server";
import type { SendingShop } from "../pipeline/outgoing.server";
import type { Addressee } from "../pipeline/treatment";
import { type NotSent, type WouldSend, wouldSend } from "../pipeline/would-send.server";
import { DEFAULT_POLICY } from "../settings/dataset-policy";
import { connectedDatasets, openRegistry } from "../settings/registry.server";
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

/** The shop a body is read for. */
interface PayloadShop extends SendingShop {
  settings: Settings;
  addressees: Addressee[];
}

interface ToldBrowser {
  browser: BrowserContext;
  /** What the file says the shopper said. */
  said: ConsentSignal | null;
  /** What counts where nobody says anything. */
  assumed: ConsentSignal | null;
}

const UNKNOWN_SHOP: PayloadShop = {
  settings: DEFAULT_SETTINGS,
  country: null,
  primaryDomain: null,
  currency: null,
  taxesIncluded: null,
  addressees: [{ dataset: null, policy: DEFAULT_POLICY, connectedAt: null }],
};
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
    const result = row.read(body, { country: shop.country, renewalApps: shop.settings.matrix.renewalApps });
    if (!result.ok) {
      return print(context, [], [{ event: row.event ?? topic, outcome: "rejected", reason: result.field }]);
    }
    const { reading } = result;
    switch (reading.kind) {
      case "event": {
        const { events, skipped } = sendable(reading, topic, shop, told, now);
        return print(context, events, skipped);
      }
      case "enrichment":
        return print(context, [], [{ event: reading.name, ...endingFor("enriches_only") }]);
      case "product":
      case "notice":
        return print(context, [], []);
    }
  },
};

function sendable(
  reading: EventReading,
  topic: string,
  shop: PayloadShop,
  { browser, said, assumed }: ToldBrowser,
  now: number | null,
): WouldSend {
  const { time } = reading.event;
  const known = recognise(reading, time, shop.country, now);
  const supposed = {
    told: reading,
    topic,
    keys: known.keys,
    browser: joinBrowser(known.browser, [browser], now),
    signal: said ?? known.browser.consent ?? assumed,
    findings: { order: undefined, products: new Map() },
    now,
  };
  const { addressees, settings } = shop;
  if (addressees.length > 0) return wouldSend(supposed, addressees, settings, shop);
  return { events: [], skipped: [{ event: reading.event.name, ...endingFor("disconnected") }] };
}

/** `events`: JSON texts, printed as they travel. */
function print({ terminal }: CommandContext, events: string[], notSent: NotSent[]): 0 {
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

/** Without a file nothing is known of the browser and consent counts as given, unless the order itself says; with one, only what it says. */
async function toldBy(path: string | undefined): Promise<ToldBrowser> {
  if (path === undefined) return { browser: unknownBrowser(), said: null, assumed: GIVEN };
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
  return { browser, said: signal, assumed: null };
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
    return { ...shop, addressees: connectedDatasets(shop).map((dataset) => addresseeOf(dataset, shop)) };
  });
}
