import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { z } from "zod";

const CLIENT = "build/client";
/** Bytes of JavaScript, compressed, that the heaviest page may cost a merchant who comes for the first time. */
const LARGEST = 220_000;

const loaded = z.object({ module: z.string(), imports: z.array(z.string()) });
const manifestSchema = z.object({
  entry: loaded,
  routes: z.record(z.string(), loaded.extend({ parentId: z.string().optional() })),
});

/** The build's own list of what each route loads, and its address. */
function manifest() {
  const file = readdirSync(`${CLIENT}/assets`).find((name) => /^manifest-.*\.js$/.test(name));
  const text = readFileSync(`${CLIENT}/assets/${file}`, "utf8");
  return { path: `/assets/${file}`, ...manifestSchema.parse(JSON.parse(text.replace(/^[^{]*/, "").replace(/;$/, ""))) };
}

it(`no page costs more than ${LARGEST} bytes of compressed JavaScript in all`, () => {
  const { path, entry, routes } = manifest();
  const sizes = new Map<string, number>();
  const sizeOf = (file: string) => {
    const known = sizes.get(file) ?? gzipSync(readFileSync(`${CLIENT}${file}`)).length;
    sizes.set(file, known);
    return known;
  };
  const filesOf = (id: string | undefined): string[] => {
    const route = id === undefined ? undefined : routes[id];
    return route === undefined ? [] : [route.module, ...route.imports, ...filesOf(route.parentId)];
  };
  const pages = Object.keys(routes).map((id) => {
    const files = new Set([path, entry.module, ...entry.imports, ...filesOf(id)]);
    return { id, bytes: [...files].reduce((sum, file) => sum + sizeOf(file), 0) };
  });
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.filter(({ bytes }) => bytes > LARGEST)).toEqual([]);
  // Polaris and React alone are more than this: what is counted is all of it.
  expect(Math.max(...pages.map(({ bytes }) => bytes))).toBeGreaterThan(130_000);
});
