import { CHANNELS } from "./channels";
import { CHECKOUTS } from "./checkouts";
import { CLICK_IDS } from "./click-ids";
import { CONSENT } from "./consent";
import type { Example } from "./example";
import { MONEY } from "./money";
import { OTHER_TOPICS } from "./other-topics";
import { TIMES } from "./times";
import { WEB_ORDERS } from "./web-orders";

/** Every worked example. */
export const EXAMPLES: Example[] = [
  ...WEB_ORDERS,
  ...CHANNELS,
  ...MONEY,
  ...TIMES,
  ...CLICK_IDS,
  ...CONSENT,
  ...CHECKOUTS,
  ...OTHER_TOPICS,
];
