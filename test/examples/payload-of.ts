import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tandem } from "../cli/run";
import { freshDatabase } from "../support/database";
import { type BrowserFile, bodyText, type Example } from "./example";

interface Options {
  /** Instead of the example's own. */
  browser?: BrowserFile | undefined;
  /** Further flags, and the environment they need. */
  flags?: string[];
  env?: Record<string, string>;
}

/** What `tandem payload` prints for an example. */
export async function payloadOf(example: Example, { browser = example.browser, flags = [], env = {} }: Options = {}) {
  const told = browser === undefined ? [] : ["--browser", browserFile(browser)];
  const now = example.now === undefined ? [] : ["--now", example.now];
  const args = ["payload", "--topic", example.topic, ...told, ...now, ...flags];
  return tandem(args, { stdin: bodyText(example), env });
}

function browserFile(browser: BrowserFile): string {
  const path = join(dirname(freshDatabase()), "browser.json");
  writeFileSync(path, JSON.stringify(browser));
  return path;
}
