import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, onTestFinished } from "vitest";

/** Where the system's Chromium may be; `npm test` installs one where it can. */
const PLACES = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The library answers 410 to what calls itself a bot, and HeadlessChrome does. */
export const PERSON =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

let running: Promise<Browser> | undefined;
afterAll(async () => (await running)?.close());

/** A real browser, one for all tests of a file; a test's windows are gone when the test is. */
export async function openBrowser(): Promise<Browser> {
  running ??= launch();
  const browser = await running;
  onTestFinished(async () => void (await Promise.all(browser.contexts().map((context) => context.close()))));
  return browser;
}

async function launch(): Promise<Browser> {
  const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) throw new Error("Chromium is missing: run `npm test`, or name it in CHROMIUM_PATH");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A script that a test has changed on its way is no longer this machine's: from there it may ask the stand-ins too.
      "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessForWorkers",
    ],
  });
}
