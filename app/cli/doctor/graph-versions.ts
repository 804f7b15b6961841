/** When Meta takes a version of its Graph API away, 00:00 UTC; a date is set when the next one ships: about two years. */
const ENDS: Readonly<Record<string, string | null>> = {
  "v20.0": "2026-09-24",
  "v21.0": "2027-01-21",
  "v22.0": "2027-05-20",
  "v23.0": "2027-10-08",
  "v24.0": "2028-02-18",
  "v25.0": "2028-07-29",
  // The newest: https://developers.facebook.com/docs/graph-api/changelog
  "v26.0": null,
};

export type VersionEnd = { kind: "ended" | "ends"; on: string } | { kind: "open" | "unknown" };

/** When a version such as `v25.0` ends, as seen at `now` (epoch milliseconds). */
export function endOfVersion(version: string, now: number): VersionEnd {
  const on = Object.hasOwn(ENDS, version) ? ENDS[version] : undefined;
  if (on === undefined) return { kind: "unknown" };
  if (on === null) return { kind: "open" };
  return { kind: Date.parse(on) <= now ? "ended" : "ends", on };
}
