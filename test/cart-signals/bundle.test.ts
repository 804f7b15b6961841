import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";

/** Bytes, compressed: it is loaded on every page of a shop whose merchant has switched it on. */
const LARGEST = 1_500;
const BUILT = "extensions/cart-signals/assets/cart-signals.js";

describe("the app embed's script", () => {
  it(`is at most ${LARGEST} bytes compressed, as bin/bootstrap.mjs has built it`, () => {
    expect(gzipSync(readFileSync(BUILT), { level: 9 }).length).toBeLessThanOrEqual(LARGEST);
  });

  it("holds nothing but itself and the rules for Meta's cookies, and hashes nothing", async () => {
    const { metafile } = await build({
      entryPoints: ["theme/cart-signals/index.ts"],
      bundle: true,
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    expect(Object.keys(metafile.inputs).sort()).toEqual([
      "app/match-keys/normalise/click-id.ts",
      "theme/cart-signals/embed.ts",
      "theme/cart-signals/index.ts",
      "theme/cart-signals/signals.ts",
    ]);
    expect(readFileSync(BUILT, "utf8")).not.toMatch(/subtle|digest|sha/i);
  });

  it("leaves no name on the page, and does no harm where there is no shop around it", () => {
    const page: Record<string, unknown> = { document: { cookie: "", addEventListener() {} } };
    page.window = page;
    const before = Object.keys(page);
    runInContext(readFileSync(BUILT, "utf8"), createContext(page));
    expect(Object.keys(page)).toEqual(before);
  });
});

describe("the app embed", () => {
  const liquid = readFileSync("extensions/cart-signals/blocks/cart-signals.liquid", "utf8");
  const schema = JSON.parse(/\{% schema %\}(.*)\{% endschema %\}/s.exec(liquid)?.[1] ?? "null");
  const words = JSON.parse(readFileSync("extensions/cart-signals/locales/en.default.schema.json", "utf8"));

  it("is of a theme app extension, and stands in the body, where it is off until the merchant switches it on", () => {
    const { type } = parse(readFileSync("extensions/cart-signals/shopify.extension.toml", "utf8"));
    expect([type, schema.target]).toEqual(["theme", "body"]);
  });

  it("never holds up the page", () => {
    expect(liquid).toContain(`<script src="{{ 'cart-signals.js' | asset_url }}" defer></script>`);
  });

  it("finds every word it shows, in the length that Shopify allows a block's name", () => {
    const texts = [schema.name, ...schema.settings.map(({ content }: { content: string }) => content)].map(
      (key: string) => key.replace(/^t:/, "").split("."),
    );
    const found = texts.map((path: string[]) => path.reduce((tree, key) => tree?.[key], words));
    for (const text of found) expect(text).toEqual(expect.any(String));
    expect(found[0].length).toBeLessThanOrEqual(25);
  });
});
