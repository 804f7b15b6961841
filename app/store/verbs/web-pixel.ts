import { run, type Work } from "../statement";
import { bumpVersion } from "./shops";

/** Shopify's record of a shop's web pixel, as it accepted it. */
export interface AcceptedPixel {
  /** Shopify's gid. */
  id: string;
  /** JSON of the settings, as they were sent. */
  settings: string;
  /** Epoch milliseconds. */
  at: number;
  /** The `at` that was stored when Shopify was asked; null: none was. */
  after: number | null;
}

/** Where another process told Shopify something else meanwhile, nobody knows which of the two it has: it is to be told again. */
export function* webPixelAccepted(shopId: number, { id, settings, at, after }: AcceptedPixel): Work<void> {
  yield* run(
    `UPDATE "Shop" SET "webPixelId" = ?1, "webPixelAt" = ?3, "webPixelFault" = NULL, "webPixelSettings" =
       CASE WHEN "webPixelAt" IS NOT DISTINCT FROM CAST(?4 AS BIGINT) OR "webPixelSettings" = ?2 THEN ?2 END
     WHERE "id" = ?5`,
    id,
    settings,
    at,
    after,
    shopId,
  );
  yield* bumpVersion();
}

/** The record is gone, or not as we left it. */
export function* webPixelLost(shopId: number): Work<void> {
  yield* run(`UPDATE "Shop" SET "webPixelId" = NULL, "webPixelSettings" = NULL WHERE "id" = ?`, shopId);
  yield* bumpVersion();
}

/** What Shopify last accepted stays: it is what shoppers' browsers run. */
export function* webPixelFailed(shopId: number, fault: string): Work<void> {
  const changed = yield* run(
    `UPDATE "Shop" SET "webPixelFault" = ?1 WHERE "id" = ?2 AND "webPixelFault" IS DISTINCT FROM ?1`,
    fault,
    shopId,
  );
  if (changed > 0) yield* bumpVersion();
}
