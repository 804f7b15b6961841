import { z } from "zod";

/** What Shopify says of our allowance with each answer: https://shopify.dev/docs/api/usage/limits */
const cost = z.object({
  extensions: z.object({
    cost: z.object({
      throttleStatus: z.object({
        maximumAvailable: z.number().positive(),
        currentlyAvailable: z.number(),
        restoreRate: z.number().positive(),
      }),
    }),
  }),
});

/** A part of the allowance is for pages that a merchant looks at, and for what the drain asks. */
const LEFT_TO_OTHERS = 0.25;
/** Longer than this no allowance takes to be whole again. */
const LONGEST_WAIT_MS = 60_000;
/** Where Shopify does not say how much is left. */
const BLIND_WAIT_MS = 2_000;

/**
 * How long to wait after this answer before a question that costs `points` at the most is asked, milliseconds. Pure;
 * `throttled`: the answer was that we ask too fast.
 */
export function waitAfter(answer: unknown, points: number, throttled = false): number {
  const told = cost.safeParse(answer);
  if (!told.success) return throttled ? BLIND_WAIT_MS : 0;
  const { maximumAvailable, currentlyAvailable, restoreRate } = told.data.extensions.cost.throttleStatus;
  const wanted = Math.min(points + maximumAvailable * LEFT_TO_OTHERS, maximumAvailable);
  const wait = Math.ceil((Math.max(0, wanted - currentlyAvailable) / restoreRate) * 1_000);
  return Math.min(Math.max(wait, throttled ? BLIND_WAIT_MS : 0), LONGEST_WAIT_MS);
}
