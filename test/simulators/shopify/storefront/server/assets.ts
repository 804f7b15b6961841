import { readFileSync } from "node:fs";
import { isPicture, picture } from "../pages/pictures";
import { EMBED_SCRIPT } from "./app-embed";
import type { Reply } from "./http";
import { script } from "./scripts";

const STYLE = new URL("../pages/style.css", import.meta.url);

/** What stands under /storefront-assets/; null: nothing of that name. `bundle`: the built pixel. */
export function asset(name: string, bundle: string): Reply | null {
  if (name === "style.css") return { status: 200, type: "text/css", body: readFileSync(STYLE, "utf8") };
  if (name === "storefront.js" || name === "pixel-host.js") return javascript(script(name));
  if (name === "cart-signals.js") return javascript(readFileSync(EMBED_SCRIPT, "utf8"));
  if (name === "pixel.js") return javascript(readFileSync(bundle, "utf8"));
  const drawn = /^pictures\/([a-z]+)\.svg$/.exec(name)?.[1];
  return drawn !== undefined && isPicture(drawn) ? { status: 200, type: "image/svg+xml", body: picture(drawn) } : null;
}

function javascript(body: string): Reply {
  return { status: 200, type: "text/javascript", body };
}
