import type { Kind } from "../attack";
import { brokenHttp, openRedirects, smuggled, traversal } from "./addresses";
import { deepJson, gzipBomb, malformedBeacons, oversize, pollution, truncated, wrongForms } from "./bodies";
import { hostileShoppers } from "./shoppers";
import { anothersKey, badSignatures } from "./signatures";
import { hostileForms, hostileQueries, idor } from "./strangers";
import { forgedTokens } from "./tokens";

/** Every way of attacking but the slow one, which takes its time beside them all. */
export const KINDS: readonly Kind[] = [
  badSignatures,
  truncated,
  oversize,
  deepJson,
  pollution,
  smuggled,
  brokenHttp,
  hostileShoppers,
  hostileForms,
  hostileQueries,
  forgedTokens,
  idor,
  traversal,
  openRedirects,
  gzipBomb,
  wrongForms,
  malformedBeacons,
  anothersKey,
];
