import { readFileSync } from "node:fs";
import type { Frame, Page } from "playwright-core";
import { expect } from "vitest";
import { picture } from "./play";

const AXE = readFileSync("node_modules/axe-core/axe.min.js", "utf8");

declare global {
  interface Window {
    /** https://github.com/dequelabs/axe-core */
    axe: {
      run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
  }
}

async function appFrame(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector("#app")).contentFrame();
  if (frame === null) throw new Error("there is no frame");
  return frame;
}

/** What a screen reader's user, or one without a mouse, would trip over. */
async function obstacles(frame: Frame): Promise<string[]> {
  await frame.evaluate(AXE);
  return frame.evaluate(async () => {
    const { violations } = await window.axe.run({ runOnly: ["wcag2a", "wcag2aa"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

const overflow = (view: Page | Frame) =>
  view.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A desk, a tablet and a phone, px; a page is used on the phone, where there is least room. */
const WIDTHS = [1280, 768, 375];

/** At none of these widths can the page or the app's frame in it be pushed sideways, and nobody trips; pictures are taken. */
export async function fits(page: Page, name: string): Promise<void> {
  const frame = await appFrame(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expect
      .poll(async () => [name, width, await overflow(page), await overflow(frame)])
      .toEqual([name, width, 0, 0]);
    expect([name, width, ...(await obstacles(frame))]).toEqual([name, width]);
    await picture(page, `${name}-${width}`);
  }
}
