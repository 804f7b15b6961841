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
}

export function* webPixelAccepted(shopId: number, { id, settings, at }: AcceptedPixel): Work<void> {
  yield* run(
    `UPDATE "Shop" SET "webPixelId" = ?, "webPixelSettings" = ?, "webPixelAt" = ?, "webPixelFault" = NULL
     WHERE "id" = ?`,
    id,
    settings,
    at,
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
