/**
 * What the web pixel can say of the browser's own copy of an event. `/tr` answers are opaque: `resolved` means that the
 * request left the browser, never that Meta took it.
 */
export const TR_REPORTS = ["not_attempted", "resolved", "threw", "unknown"] as const;
export type TrReport = (typeof TR_REPORTS)[number];
