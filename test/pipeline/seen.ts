import type { TestPipeline } from "../support/pipeline";

/** What Meta took, in short, oldest first. */
export function taken({ meta }: TestPipeline): string[] {
  return meta.received.map(({ event_name, event_id }) => `${event_name} ${event_id}`);
}

/** How every row of the outbox stands: outcome, and the reason where there is one. */
export async function standing(pipeline: TestPipeline): Promise<string[]> {
  return (await pipeline.events()).map(({ outcome, reason }) => (reason === null ? outcome : `${outcome} ${reason}`));
}

/** Lets some time pass, then drains: what the due-poll of a running server would do. */
export async function later(pipeline: TestPipeline, ms: number): Promise<void> {
  pipeline.clock.pass(ms);
  await pipeline.drain();
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY_MS = 24 * 60 * MINUTE;

/** Shopify accepted a pixel record with these datasets in it. */
export async function pixelRunsWith({ store, shop, clock, registry }: TestPipeline, datasets: object[]): Promise<void> {
  const settings = JSON.stringify({ datasets: JSON.stringify(datasets) });
  const after = shop().webPixel.acceptedAt;
  await store.webPixelAccepted(shop().id, { id: "gid://shopify/WebPixel/1", settings, at: clock.now(), after });
  await registry.refresh();
}
