import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { LISTENED_TO } from "../../extensions/meta-pixel/src/reading";
import { openPage } from "./support/host";

/** Bytes, compressed: it is loaded on every page of a shop. */
const LARGEST = 6_000;

async function bundle() {
  // As Shopify's CLI builds it.
  const { outputFiles, metafile } = await build({
    entryPoints: ["extensions/meta-pixel/src/index.ts"],
    bundle: true,
    minify: true,
    target: "es6",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return { code: outputFiles[0]?.text ?? "", files: Object.keys(metafile.inputs) };
}

describe("the pixel's bundle", () => {
  it(`is at most ${LARGEST} bytes compressed, as Shopify's own tool has built it`, () => {
    const built = readFileSync("extensions/meta-pixel/dist/meta-pixel.js");
    expect(gzipSync(built, { level: 9 }).length).toBeLessThanOrEqual(LARGEST);
  });

  it("holds nothing but the pixel, Shopify's register, our events and the normalisers", async () => {
    const { files } = await bundle();
    const allowed =
      /^(extensions\/meta-pixel\/src|app\/events|app\/match-keys\/normalise|node_modules\/@shopify\/web-pixels-extension)\//;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  });

  it("registers with Shopify and does nothing else", async () => {
    const extend = vi.fn();
    const { code } = await bundle();
    new Function("shopify", code)({ extend });
    expect(extend).toHaveBeenCalledWith("WebPixel::Render", expect.any(Function));
  });
});

describe("the pixel listens", () => {
  it("to every event of the catalog that is born in a browser, and to the steps that tell who it is", () => {
    const born = [
      "page_viewed",
      "product_viewed",
      "search_submitted",
      "product_added_to_cart",
      "checkout_started",
      "payment_info_submitted",
      "checkout_completed",
    ];
    const steps = ["contact", "address", "shipping"].map((step) => `checkout_${step}_info_submitted`);
    expect(LISTENED_TO).toEqual([...born, ...steps]);
    expect([...openPage().listeners.keys()]).toEqual(LISTENED_TO);
  });
});
