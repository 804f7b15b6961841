/** The steps from installation to the first accepted event, each looked up and not remembered. */
export interface SetUp {
  /** A dataset is connected. */
  dataset: boolean;
  /** Meta has accepted something with the token that each dataset has now. */
  token: boolean;
  /** Shopify runs the pixel with the settings we want. */
  pixel: boolean;
  /** The pixel has spoken. */
  beacon: boolean;
  /** Meta has accepted an event of the shop's own. */
  accepted: boolean;
}

/** One event's day, both legs. */
export interface EventDay {
  event: string;
  /** Requests that left shoppers' browsers for Meta; Meta never confirms those. */
  leftBrowser: number;
  stoppedInBrowser: number;
  /** The browser did not say in time. */
  unclearInBrowser: number;
  /** What Meta accepted from the server. */
  accepted: number;
  /** Not sent by a rule: skipped and withheld. */
  notSent: number;
  /** Rejected, expired, dead. */
  failed: number;
  waiting: number;
}

export interface Overview {
  setUp: SetUp;
  today: EventDay[];
  /** When the shop's day began, epoch milliseconds. */
  since: number;
  /** Datasets that nothing leaves for at the moment. */
  held: { dataset: string; reason: string }[];
}
