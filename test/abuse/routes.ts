import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { NEW_RULE } from "~/components/rule/view";

const manifest = z.object({
  routes: z.record(
    z.string(),
    z.object({
      id: z.string(),
      parentId: z.string().optional(),
      path: z.string().optional(),
      index: z.boolean().optional(),
      hasAction: z.boolean(),
      hasLoader: z.boolean(),
    }),
  ),
});

type Entry = z.output<typeof manifest>["routes"][string];

/** A page or an answer of the admin, as the build has it: one that is new is attacked without being written down anywhere. */
export interface Route {
  id: string;
  /** Its address with names for what varies: `/app/rules/:key`. */
  path: string;
  /** What varies in it: `key`. */
  names: readonly string[];
  loads: boolean;
  acts: boolean;
  index: boolean;
}

const ASSETS = "build/client/assets";

/** Every route inside the admin, from the build's own manifest. */
export function adminRoutes(): Route[] {
  const file = readdirSync(ASSETS).find((name) => /^manifest-.*\.js$/.test(name));
  if (file === undefined) throw new Error(`${ASSETS} has no manifest; make it with: npm run build`);
  const text = readFileSync(join(ASSETS, file), "utf8");
  const { routes } = manifest.parse(JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)));
  return Object.values(routes)
    .filter(({ id }) => id === "routes/app" || id.startsWith("routes/app."))
    .map((route) => {
      const path = `/${pathOf(route, routes)}`;
      return {
        id: route.id,
        path,
        names: [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name),
        loads: route.hasLoader,
        acts: route.hasAction,
        index: route.index ?? false,
      };
    });
}

function pathOf({ parentId, path }: Entry, routes: Record<string, Entry>): string {
  const parent = parentId === undefined ? undefined : routes[parentId];
  return [parent === undefined ? "" : pathOf(parent, routes), path ?? ""].filter((part) => part !== "").join("/");
}

/** How a browser asks a route: for its page, for its data, or to act. */
export const WAYS = ["page", "data", "action"] as const;
export type Way = (typeof WAYS)[number];

export function waysOf({ loads, acts }: Route): Way[] {
  return [...(loads ? (["page", "data"] as const) : []), ...(acts ? (["action"] as const) : [])];
}

/** The address with `id` in the place of everything that varies. */
export function addressOf({ path, id: route, index, names }: Route, way: Way, id = NEW_RULE, query = ""): string {
  const filled = names.reduce((address, name) => address.replace(`:${name}`, encodeURIComponent(id)), path);
  const asked = way === "page" ? "" : `_data=${encodeURIComponent(route)}`;
  return `${filled}?${[index && way === "action" ? "index" : "", asked, query].filter((part) => part !== "").join("&")}`;
}
