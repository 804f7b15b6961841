import { CHANNELS } from "./channels";
import { CHECKOUTS } from "./checkouts";
import { CLICK_IDS } from "./click-ids";
import { CONSENT } from "./consent";
import { CONTENT_IDS } from "./content-ids";
import { DATASETS } from "./datasets";
import type { Example } from "./example";
import { GIFTS } from "./gifts";
import { HOSTILE } from "./hostile";
import { MONEY } from "./money";
import { OTHER_TOPICS } from "./other-topics";
import { PAYMENT } from "./payment";
import { REGISTRATIONS } from "./registrations";
import { SOURCES_MATRIX } from "./sources-matrix";
import { TIMES } from "./times";
import { VALUE_POLICIES } from "./value-policies";
import { WEB_ORDERS } from "./web-orders";

/** Every worked example. */
export const EXAMPLES: Example[] = [
  ...WEB_ORDERS,
  ...GIFTS,
  ...CHANNELS,
  ...SOURCES_MATRIX,
  ...PAYMENT,
  ...MONEY,
  ...VALUE_POLICIES,
  ...CONTENT_IDS,
  ...TIMES,
  ...CLICK_IDS,
  ...CONSENT,
  ...DATASETS,
  ...CHECKOUTS,
  ...REGISTRATIONS,
  ...OTHER_TOPICS,
  ...HOSTILE,
];
