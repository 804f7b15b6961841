/** Why Meta did not say what it makes of a dataset's events. https://developers.facebook.com/docs/marketing-api/conversions-api/dataset-quality-api */
export const REFUSALS = {
  expired_token: {
    says: "Meta no longer accepts the access token of this dataset.",
    steps: [
      "Open Events Manager, choose the dataset, then Settings, Conversions API, Generate access token.",
      "Paste the new token in Settings here. What was held back leaves, and the score comes within an hour.",
    ],
  },
  rate_limited: {
    says: "Meta was asked too often for the moment.",
    steps: ["Nothing to do: Tandem asks again within an hour."],
  },
  no_permission: {
    says: "The access token may send events, and may not read what Meta makes of them.",
    steps: [
      "In Business settings, Users, System users, choose the one the token belongs to, and give it the dataset with 'Use events dataset' or more.",
      "The token's app needs ads_read, and ads_management or business_management. A token made in Events Manager (the dataset, Settings, Conversions API, Generate access token) has what it takes.",
      "Paste the new token in Settings here. The score comes within an hour; events leave all the same meanwhile.",
    ],
  },
  bad_request: {
    says: "Meta did not take the question: the dataset does not exist for this token, or Meta has changed what may be asked.",
    steps: [
      "Compare the dataset's number in Settings here with the one in Events Manager.",
      "If it is the same, give the token's system user the dataset in Business settings ('Use events dataset').",
      "If that is so already, look for a newer version of Tandem.",
    ],
  },
  meta_down: {
    says: "Meta could not answer for the moment.",
    steps: ["Nothing to do: Tandem asks again within an hour."],
  },
  no_answer: {
    says: "No answer came from Meta.",
    steps: [
      "Nothing to do at first: Tandem asks again within an hour.",
      "If deliveries wait as well, whoever runs this server should look at its way out to Meta.",
    ],
  },
  unreadable: {
    says: "What came is no answer that Tandem can read.",
    steps: [
      "Nothing to do at first: Tandem asks again within an hour.",
      "If it stays so, look for a newer version of Tandem: Meta may have changed the answer.",
    ],
  },
} as const satisfies Record<string, { says: string; steps: readonly string[] }>;

export type RefusalReason = keyof typeof REFUSALS;

interface RefusalRow {
  code: number | readonly [from: number, to: number];
  reason: RefusalReason;
}

/** By Meta's code; the same codes as those of verdicts.ts, asked another question. */
const BY_CODE: readonly RefusalRow[] = [
  { code: [102, 104], reason: "expired_token" },
  { code: 190, reason: "expired_token" },
  { code: 3, reason: "no_permission" },
  { code: 10, reason: "no_permission" },
  { code: [200, 299], reason: "no_permission" },
  { code: 100, reason: "bad_request" },
  { code: 4, reason: "rate_limited" },
  { code: 17, reason: "rate_limited" },
  { code: 32, reason: "rate_limited" },
  { code: 341, reason: "rate_limited" },
  { code: 613, reason: "rate_limited" },
  { code: [80000, 80014], reason: "rate_limited" },
  { code: [1, 2], reason: "meta_down" },
];

/**
 * Of 100: the object is missing, or hidden from this token. Events leave for the dataset, or nobody would have asked: it is there.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
const HIDDEN = 33;

/** Pure: why Meta refused. `status`: HTTP, null where no answer came; `code`: null where the answer holds no error of Meta's. */
export function refusalOf(status: number | null, code: number | null, subcode: number | null): RefusalReason {
  if (status === null) return "no_answer";
  if (code === 100 && subcode === HIDDEN) return "no_permission";
  const row = code === null ? undefined : BY_CODE.find((one) => fits(one.code, code));
  if (row !== undefined) return row.reason;
  if (status === 429) return "rate_limited";
  if (status >= 500) return "meta_down";
  return code === null ? "unreadable" : "bad_request";
}

/** What was kept as a reason, which may be of another version of Tandem. */
export function isRefusal(reason: string): reason is RefusalReason {
  return Object.hasOwn(REFUSALS, reason);
}

function fits(rule: number | readonly [number, number], code: number): boolean {
  return typeof rule === "number" ? rule === code : code >= rule[0] && code <= rule[1];
}
