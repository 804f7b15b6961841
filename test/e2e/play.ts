import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, FrameLocator, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { type Stage, setStage } from "../demo/stage";
import type { ReceivedCopy } from "../simulators/meta/server";
import { openBrowser, PERSON } from "../support/chromium";
import { freshDatabase } from "../support/database";

/** The house with a real browser in front of it. */
export interface Play {
  stage: Stage;
  /** The address of its store. */
  database: string;
  /** A new window of somebody's own: no cookies, no memory. `width` in px; `userAgent`: what the browser calls itself. */
  window(width?: number, userAgent?: string): Promise<{ page: Page; context: BrowserContext; faults: string[] }>;
  /** The merchant's window: the shop's admin with Tandem in it. */
  merchant(width?: number): Promise<{ page: Page; app: FrameLocator; faults: string[] }>;
  /** What Meta took of one event, oldest first. */
  copies(event: string): ReceivedCopy[];
}

/** `holdSeconds` absent: the merchant has yet to connect. */
type Options = Pick<Parameters<typeof setStage>[0], "clock" | "holdSeconds" | "others" | "cartSignals" | "env">;

const FAULTS = /Content Security Policy|Minified React error/;

export async function openPlay(options: Options = {}): Promise<Play> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-play-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const database = freshDatabase();
  const open = async () =>
    setStage({ ...options, portBase: await freePorts(), database, logFile: join(folder, "app.log") });
  // Between our look at the ports and our listening on them somebody else may take one.
  const stage = await open().catch(open);
  onTestFinished(() => stage.close());
  const browser = await openBrowser();

  async function window(
    width = 1280,
    userAgent = PERSON,
  ): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
    const context = await browser.newContext({ userAgent, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    // Of every frame in the window: what a policy kept from loading, and a page that React made anew.
    page.on("console", (said) => {
      if (said.type() === "error" && FAULTS.test(said.text())) faults.push(said.text());
    });
    return { page, context, faults };
  }

  return {
    stage,
    database,
    window,
    async merchant(width) {
      const { page, faults } = await window(width);
      await page.goto(stage.shopify.adminUrl);
      return { page, app: page.frameLocator("#app"), faults };
    },
    copies: (event) => stage.meta.received.filter(({ event_name }) => event_name === event),
  };
}

/** The first of three ports in a row that nobody listens on. */
async function freePorts(): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const base = 20_000 + Math.floor(Math.random() * 30_000);
    const free = await Promise.all([base, base + 1, base + 2].map(isFree));
    if (free.every(Boolean)) return base;
  }
  throw new Error("no three free ports in a row");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Leaves a picture where somebody wants to look at one: SCREENSHOTS names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}
