import type { Connection } from "./connection.server";
import { bumpVersion } from "./shops.server";

/** Shopify's record of a shop's web pixel, as it accepted it. */
export interface AcceptedPixel {
  /** Shopify's gid. */
  id: string;
  /** JSON of the settings, as they were sent. */
  settings: string;
  /** Epoch milliseconds. */
  at: number;
}

export function webPixelAccepted(connection: Connection, shopId: number, { id, settings, at }: AcceptedPixel): void {
  connection.run(
    `UPDATE "Shop" SET "webPixelId" = ?, "webPixelSettings" = ?, "webPixelAt" = ?, "webPixelFault" = NULL
     WHERE "id" = ?`,
    id,
    settings,
    at,
    shopId,
  );
  bumpVersion(connection);
}

/** The record is gone, or not as we left it. */
export function webPixelLost(connection: Connection, shopId: number): void {
  connection.run(`UPDATE "Shop" SET "webPixelId" = NULL, "webPixelSettings" = NULL WHERE "id" = ?`, shopId);
  bumpVersion(connection);
}

/** What Shopify last accepted stays: it is what shoppers' browsers run. */
export function webPixelFailed(connection: Connection, shopId: number, fault: string): void {
  const changed = connection.run(
    `UPDATE "Shop" SET "webPixelFault" = ?1 WHERE "id" = ?2 AND "webPixelFault" IS NOT ?1`,
    fault,
    shopId,
  );
  if (changed > 0) bumpVersion(connection);
}
