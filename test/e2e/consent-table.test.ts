import type { BrowserContext } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseSettings, type Settings, settingsSchema } from "~/settings/settings";
import { openStore } from "~/store/store.server";
import { SHOP } from "../demo/stage";
import { order } from "../fixtures/order";
import type { ReceivedCopy } from "../simulators/meta/server";
import { PERSON } from "../support/chromium";
import { openPlay, type Play } from "./play";
import { enterCheckout, pay, putInCart } from "./storefront";

/** What Meta may hear: everything, all with Limited Data Use, or nothing at all. */
type Hears = "all" | "limited" | "nothing";
type Signal = "given" | "refused" | "sale opt-out" | "silent";
type Row = readonly [region: Region, signal: Signal, hears: Hears];

/** A country of each region. */
const COUNTRIES = { consent: "DE", us: "US", elsewhere: "AU" } as const;
type Region = keyof typeof COUNTRIES;

/** What is promised, by hand: a change of the policy's table has to be made here too. */
const ROWS: readonly Row[] = [
  ["consent", "given", "all"],
  ["consent", "refused", "nothing"],
  ["consent", "sale opt-out", "limited"],
  ["consent", "silent", "nothing"],
  ["us", "given", "all"],
  ["us", "refused", "nothing"],
  ["us", "sale opt-out", "limited"],
  ["us", "silent", "limited"],
  ["elsewhere", "given", "all"],
  ["elsewhere", "refused", "nothing"],
  ["elsewhere", "sale opt-out", "limited"],
  ["elsewhere", "silent", "all"],
];

/** What one shop has chosen otherwise, for every source: of each signal that leaves a choice. */
const CHOSEN_ROWS: readonly Row[] = [
  ["consent", "given", "limited"],
  ["consent", "sale opt-out", "nothing"],
  ["consent", "silent", "limited"],
  ["us", "given", "limited"],
  ["us", "sale opt-out", "nothing"],
  ["us", "silent", "nothing"],
  ["elsewhere", "given", "limited"],
  ["elsewhere", "sale opt-out", "nothing"],
  ["elsewhere", "silent", "nothing"],
];

const CHOICES = { given: "limited", sale_opt_out: "withhold" };
const BY_SOURCE = (none: string) =>
  Object.fromEntries(["web", "pos", "draft", "renewal", "other"].map((source) => [source, { ...CHOICES, none }]));
const CHOSEN = { consent: BY_SOURCE("limited"), us: BY_SOURCE("withhold"), elsewhere: BY_SOURCE("withhold") };

/** Why nothing was sent. */
const REASONS: Record<Signal, string> = {
  given: "",
  refused: "consent_refused",
  "sale opt-out": "consent_refused",
  silent: "no_consent_signal",
};

/** A till has no address but its shop's: a shop for each region, and one that has chosen. */
const TILLS = { consent: "tills-de.myshopify.com", us: SHOP, elsewhere: "tills-au.myshopify.com" } as const;
const CHOOSER = "chooser-au.myshopify.com";
const OTHERS = [
  { shop: TILLS.consent, country: "DE" },
  { shop: TILLS.elsewhere, country: "AU" },
  { shop: CHOOSER, country: "AU" },
];

/** `source_name` of an order that no browser of the storefront saw, and whether it went through a checkout. */
const SOURCES = {
  pos: { name: "pos", checkout: false },
  draft: { name: "shopify_draft_order", checkout: false },
  renewal: { name: "subscription_contract_checkout_one", checkout: false },
  other: { name: "10000001", checkout: true },
} as const;

/** What the cart of such an order says. */
const NOTED: Record<Signal, object[]> = {
  given: [{ name: "_tandem_consent", value: "1111" }],
  refused: [{ name: "_tandem_consent", value: "0000" }],
  "sale opt-out": [{ name: "_tandem_consent", value: "1110" }],
  silent: [],
};

const PATIENCE = { timeout: 20_000, interval: 100 };
/** Windows that are open at a time. */
const AT_ONCE = 4;

/** What came of an order: Meta's copies of it and of all else that its shopper did, and the event's own end. */
interface Outcome {
  outcome: string | null;
  reason: string | null;
  /** Of the Purchase. */
  purchase: { leg: string; id: string | null; limited: boolean }[];
  /** Whether each copy of anything that this shopper did is limited. */
  limited: boolean[];
}

function outcomeOf(copies: ReceivedCopy[], orderId: string, end: Pick<Outcome, "outcome" | "reason">): Outcome {
  const purchase = copies.filter((copy) => copy.event_name === "Purchase" && orderOf(copy) === orderId);
  return {
    outcome: end.outcome,
    reason: end.reason,
    purchase: purchase.map((copy) => ({ leg: copy.leg, id: copy.event_id, limited: isLimited(copy) })),
    limited: copies.map(isLimited),
  };
}

function orderOf({ leg, body }: ReceivedCopy): unknown {
  return leg === "browser" ? body["cd[order_id]"] : (body.custom_data as { order_id?: string } | undefined)?.order_id;
}

function isLimited({ leg, body }: ReceivedCopy): boolean {
  return leg === "browser" ? body.dpo === "LDU" : JSON.stringify(body.data_processing_options) === '["LDU"]';
}

/** `legs`: which are to tell of it where anything is told. */
function expectOutcome(name: string, { outcome, ...found }: Outcome, [, signal, hears]: Row, legs: string[]): void {
  const told = hears === "nothing" ? [] : legs;
  expect(
    { ...found, outcome, purchase: found.purchase.map(({ leg, limited }) => [leg, limited]).sort() },
    name,
  ).toMatchObject({
    outcome: hears === "nothing" ? "withheld" : "accepted",
    reason: hears === "nothing" ? REASONS[signal] : null,
    purchase: told.map((leg) => [leg, hears === "limited"]),
  });
  expect(new Set(found.purchase.map(({ id }) => id)).size, `${name}: event ids`).toBe(Math.min(told.length, 1));
  if (hears === "nothing") expect(found.limited, name).toEqual([]);
  else expect(found.limited, name).toEqual(found.limited.map(() => hears === "limited"));
}

/** How the one event of an order ended, once it has. */
async function ended({ stage }: Play, orderId: string): Promise<Pick<Outcome, "outcome" | "reason">> {
  const look = () =>
    stage.db.event.findFirst({ where: { name: "Purchase", orderId, outcome: { in: ["accepted", "withheld"] } } });
  await expect.poll(look, { ...PATIENCE, message: `order ${orderId} has ended` }).not.toBeNull();
  const { outcome, reason } = (await look()) ?? { outcome: null, reason: null };
  return { outcome, reason };
}

/** Global Privacy Control, which Chromium leaves to extensions: on the page, and in the worker where the pixel runs. */
async function askForPrivacy(context: BrowserContext): Promise<void> {
  const property = 'Object.defineProperty(navigator, "globalPrivacyControl", { value: true });';
  await context.addInitScript(property);
  await context.route(/pixel-host\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ contentType: "text/javascript", body: `${property}\n${await response.text()}` });
  });
}

/** One shopper of the storefront from the product to the thank-you page. */
async function walk(play: Play, row: Row, how: { by?: "switch"; nth: number }): Promise<void> {
  const { stage } = play;
  const [region, signal, hears] = row;
  const name = `${region}, web, ${signal}${how.by === undefined ? "" : ` by ${how.by}`}`;
  const userAgent = PERSON.replace("156.0.0.0", `156.0.${how.nth}.0`);
  const { page, context, faults } = await play.window(1280, userAgent);
  const shop = stage.shopify.origin;
  const asked: string[] = [];
  context.on("request", (request) => {
    if (request.url().startsWith(stage.meta.origin)) asked.push(request.url());
  });
  const remember = (cookie: string, value: string) => context.addCookies([{ name: cookie, value, url: shop }]);
  await remember("localization", COUNTRIES[region]);
  if (signal === "sale opt-out" && how.by === undefined) await askForPrivacy(context);
  if (how.by === "switch") await remember("_sale_of_data", "opted_out");
  // Where nobody is asked, silence agrees in Shopify's own words: only who blocks all of ours is not heard.
  const blocks = signal === "silent" && region !== "consent";
  if (blocks) await context.route(/\/storefront-assets\/(pixel|cart-signals)/, (route) => route.abort());
  if (region !== "consent" && (signal === "given" || signal === "refused")) {
    await remember("_tracking_consent", signal);
  }
  await page.goto(`${shop}/products/tidewater-mug`);
  if (region === "consent" && signal !== "silent") {
    const written = page.waitForResponse((response) => response.url().endsWith("/cart/update.js"));
    await page.getByRole("button", { name: signal === "refused" ? "Decline" : "Accept" }).click();
    await written;
  }
  await putInCart(page, shop);
  await enterCheckout(page, shop);
  await pay(page);
  const orderId = (await page.locator("code").first().textContent()) ?? "";
  const end = await ended(play, orderId);
  const told = () =>
    stage.meta.received.filter((copy) =>
      copy.leg === "browser"
        ? orderOf(copy) === orderId
        : (copy.body.user_data as Record<string, unknown>).client_user_agent === userAgent,
    );
  const legs = blocks ? ["server"] : ["browser", "server"];
  // The browser's copy may still be on its way.
  if (hears !== "nothing" && !blocks) {
    await expect.poll(() => told().some(({ leg }) => leg === "browser"), { ...PATIENCE, message: name }).toBe(true);
  }
  expectOutcome(name, outcomeOf(told(), orderId, end), row, legs);
  expect([name, asked.length > 0], "asked Meta in the browser").toEqual([name, hears !== "nothing" && !blocks]);
  for (const url of asked) {
    expect([name, new URL(url).searchParams.get("dpo")]).toEqual([name, hears === "limited" ? "LDU" : null]);
  }
  const ours = (await context.cookies()).filter(({ name }) => /^_fb|tandem/.test(name));
  const kept = await page.evaluate(() => Object.keys(localStorage));
  if (asked.length > 0)
    expect(
      ours.map(({ name }) => name),
      name,
    ).toContain("_fbp");
  else expect([...ours, ...kept], `${name}: cookies and storage`).toEqual([]);
  expect([name, ...faults]).toEqual([name]);
  await context.close();
}

/** An order that Shopify tells of alone. */
async function announce(play: Play, row: Row, { source, shop, id }: Announced): Promise<void> {
  const { stage } = play;
  const [region, signal] = row;
  const { name, checkout } = SOURCES[source as keyof typeof SOURCES] ?? { name: "web", checkout: true };
  const body = order(
    {
      id,
      sourceName: name,
      country: COUNTRIES[region],
      checkoutToken: checkout ? id.toString(16).padStart(32, "0") : null,
      at: new Date(stage.now()).toISOString(),
    },
    // Of everybody another: what one says is nothing that another has said.
    { note_attributes: NOTED[signal], customer: { id: id + 1_000_000 } },
  );
  const { answers } = await stage.shopify.deliver({ topic: "orders/create", id: `row-${id}`, shop, body });
  expect(answers.at(-1)).toBe(200);
  const end = await ended(play, String(id));
  const told = stage.meta.received.filter((copy) => orderOf(copy) === String(id));
  expectOutcome(`${shop}: ${region}, ${source}, ${signal}`, outcomeOf(told, String(id), end), row, ["server"]);
}

interface Announced {
  source: keyof typeof SOURCES | "web";
  shop: string;
  id: number;
}

/** Several at a time, in their order. */
async function inTurns(tasks: readonly (() => Promise<void>)[], atOnce: number): Promise<void> {
  const waiting = [...tasks];
  const work = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** The shop chooses otherwise, as its Consent page would save it. */
async function choose({ database, stage }: Play): Promise<void> {
  const store = openStore(database);
  onTestFinished(() => store.close());
  const { id } = await stage.db.shop.findFirstOrThrow({ where: { domain: CHOOSER } });
  const chosen = (settings: Settings) =>
    settingsSchema.parse({ ...settings, consent: { revision: 1, choices: CHOSEN } });
  await store.changeSettings(id, (stored) => JSON.stringify(chosen(parseSettings(stored))));
}

describe("every row of the consent table, through pixel and server", () => {
  it("tells Meta on both legs what it promises, and where nothing may be told no request leaves and no cookie is made", async () => {
    const play = await openPlay({ holdSeconds: 1, cartSignals: true, others: OTHERS });
    await choose(play);
    const walks = ROWS.map((row, nth) => () => walk(play, row, { nth: nth + 1 }));
    const byHand = () => walk(play, ["us", "sale opt-out", "limited"], { by: "switch", nth: ROWS.length + 1 });
    await inTurns([...walks, byHand], AT_ONCE);

    let id = 9_100_000;
    const announcements = (
      rows: readonly Row[],
      shopOf: (source: Announced["source"], region: Region) => string | null,
    ) =>
      (["web", "pos", "draft", "renewal", "other"] as const).flatMap((source) =>
        rows.flatMap((row) => {
          const shop = shopOf(source, row[0]);
          id += 1;
          const announced = { source, shop: shop ?? "", id };
          return shop === null ? [] : [() => announce(play, row, announced)];
        }),
      );
    await inTurns(
      [
        ...announcements(ROWS, (source, region) => (source === "web" ? null : source === "pos" ? TILLS[region] : SHOP)),
        ...announcements(CHOSEN_ROWS, (source, region) =>
          source === "pos" && region !== "elsewhere" ? null : CHOOSER,
        ),
      ],
      50,
    );
  }, 120_000);
});
