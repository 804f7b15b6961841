import { setTimeout as sleep } from "node:timers/promises";
import { markupIn } from "./leaks";
import { visit } from "./messages";
import type { Scene } from "./scene";
import { asText, ownerOf, type Snapshot } from "./tables";
import type { Tally } from "./tally";

/** What is looked at once the last request has been answered: the database, Meta, Shopify, the log, the attacker's pages. */

const AFTER = "afterwards";

export interface Before {
  snapshot: Snapshot;
  /** How many copies Meta had taken, and Shopify's tokens had been handed out. */
  received: number;
  exchanges: number;
}

export async function momentOf({ tables, meta, shopify }: Scene): Promise<Before> {
  return {
    snapshot: await tables.snapshot(),
    received: meta.received.length,
    exchanges: shopify.exchanges.length,
  };
}

const DELIVERED_MS = 20_000;

/** Counts what hostile requests have left behind. `told`: names under which signed orders and beacons may be found. */
export async function lookAround(scene: Scene, before: Before, told: ReadonlySet<string>, tally: Tally): Promise<void> {
  await untilDelivered(scene);
  const wrongly = (words: string) => tally.fault(AFTER, "accepted_wrongly", words);
  tally.requests(AFTER, 0);
  const after = await scene.tables.snapshot();
  for (const words of changesOf(before.snapshot, after, scene, told)) wrongly(words);
  for (const words of sentWrongly(scene, before, told)) wrongly(words);
  for (const { shop } of scene.shopify.exchanges.slice(before.exchanges))
    wrongly(`Shopify was asked for a token of ${shop}`);
  const { polluted } = await scene.look();
  if (polluted) wrongly("the prototype of all objects has been changed");
  for (const words of complaintsIn(scene.log())) tally.fault(AFTER, "crashes", words);
  for (const words of canariesIn(scene)) tally.fault(AFTER, "leaks", words);
  await lookAtPages(scene, tally);
}

/** What waits for nobody has been told to Meta by then. */
async function untilDelivered({ tables }: Scene): Promise<void> {
  for (let waited = 0; waited < DELIVERED_MS && (await tables.waiting()) > 0; waited += 200) await sleep(200);
}

/** Rows that are there, gone or changed without leave. */
function changesOf(before: Snapshot, after: Snapshot, { aim }: Scene, told: ReadonlySet<string>): string[] {
  const { victim, attacker } = aim;
  const theirs: readonly unknown[] = [attacker.row, attacker.domain];
  return [...after].flatMap(([table, rows]) => {
    const known = new Set(before.get(table)?.map(asText));
    const now = new Set(rows.map(asText));
    const changed = [
      ...rows.filter((row) => !known.has(asText(row))).map((row) => ({ row, of: after, what: "new or changed" })),
      ...(before.get(table) ?? [])
        .filter((row) => !now.has(asText(row)))
        .map((row) => ({ row, of: before, what: "gone or changed" })),
    ];
    return changed.flatMap(({ row, of, what }) => {
      const owner = ownerOf(table, row, of);
      if (theirs.includes(owner))
        return mayHave(table, row, told) ? [] : [`${table} of the attacker: ${what}: ${shown(row)}`];
      const whose = owner === victim.row || owner === victim.domain ? "the victim" : "nobody known";
      return [`${table} of ${whose}: ${what}: ${shown(row)}`];
    });
  });
}

const shown = (row: Record<string, unknown>) => asText(row).slice(0, 400);

/** Whether a row may have come of what the attacker's shoppers did under names they told, or of the attacker's own settings. */
function mayHave(table: string, row: Record<string, unknown>, told: ReadonlySet<string>): boolean {
  switch (table) {
    case "Event":
      return ["eventId", "orderId", "checkoutToken", "webhookId"].some((name) => knows(told, row[name]));
    case "LedgerLine":
      return knows(told, row.order);
    case "BrowserContext":
    case "BrowserCopy":
      return knows(told, row.key ?? row.eventId);
    // Counts and requests of those events, and what the attacker's own staff may set.
    case "Rollup":
    case "Coverage":
    case "Attempt":
    case "AttemptEvent":
    case "CopiesToCount":
    case "LedgerHead":
    case "Alert":
    case "AlertMessage":
    case "Shop":
    case "Dataset":
      return true;
    // What the attacker's goods are filed under. No product is told of.
    default:
      return false;
  }
}

/** As it is, or behind what we put before it: `purchase.`, `checkout.`, `client.visitor-`. */
function knows(told: ReadonlySet<string>, value: unknown): boolean {
  const text = String(value ?? "");
  return (
    told.has(text) || text.split(/[.-]/).some((part) => told.has(part)) || told.has(text.slice(text.indexOf(".") + 1))
  );
}

const HASHED = ["em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "external_id"];
const SHA256 = /^[0-9a-f]{64}$/;

/** What Meta was told that nobody honest said, or that a person could be read in. */
function sentWrongly({ meta, aim }: Scene, { received }: Before, told: ReadonlySet<string>): string[] {
  return meta.received.slice(received).flatMap(({ dataset, event_id: id, body }) => {
    const people = (body.user_data ?? {}) as Record<string, unknown>;
    const readable = HASHED.filter((name) => [people[name] ?? []].flat().some((value) => !SHA256.test(String(value))));
    return [
      ...(dataset === aim.attacker.dataset ? [] : [`Meta was told ${id} for ${dataset}`]),
      ...(knows(told, id) ? [] : [`Meta was told ${id}, which nobody signed`]),
      ...readable.map((name) => `Meta was told ${name} of ${id} in plain text`),
    ];
  });
}

/** pino's levels of errors and worse; and what Node and Remix say without asking the log. */
const ERROR_LINE = /^\{"level":[56]0,|[Uu]nhandled|uncaught|out of memory|^(?:\w*Error)\b.*$|MaxListeners/;

function complaintsIn(log: string): string[] {
  return [...new Set(log.split("\n").filter((line) => ERROR_LINE.test(line)))].map(
    (line) => `it said: ${line.slice(0, 300)}`,
  );
}

function canariesIn({ log, canaries }: Scene): string[] {
  // Numbers of datasets and orders, and the server's own folder, are there for an operator to read.
  const secret = canaries.filter(({ what }) => !/^the victim's (?:dataset|rule|order|event)|^a path/.test(what));
  const lines = log().split("\n");
  return secret.flatMap(({ what, text }) => {
    const line = lines.find((said) => said.includes(text));
    return line === undefined ? [] : [`${what} stands in its log: ${line.slice(0, 300)}`];
  });
}

const MOST_SHOWN = 40;
const MARK = /zq[0-9a-f]{12}/g;

/** What was stored is shown as the text it is. */
async function lookAtPages({ aim, wire, tables }: Scene, tally: Tally): Promise<void> {
  const { attacker, routes } = aim;
  const events = (await tables.snapshot()).get("Event") ?? [];
  const ids = events.filter(({ shopId }) => Number(shopId) === attacker.row).map(({ id }) => String(id));
  const ask = routes
    .filter(({ loads }) => loads)
    .flatMap((route) =>
      route.names.length === 0
        ? [visit(attacker, route, "page")]
        : route.names[0] === "id"
          ? ids.slice(-MOST_SHOWN).map((id) => visit(attacker, route, "page", { id }))
          : [],
    );
  for (const asked of ask) {
    tally.requests(AFTER);
    const answer = await wire.ask(asked);
    if (answer.status !== 200) tally.fault(AFTER, "crashes", `${asked.path} is answered ${answer.status}`);
    const shown = new Set(answer.body.match(MARK));
    if (answer.type.startsWith("text/html") && [...shown].some((mark) => markupIn(answer.body, mark))) {
      tally.fault(AFTER, "leaks", `${asked.path} obeys what a shopper typed`);
    }
  }
}
