type Standing = "supported" | "expired" | "unknown";

const SUPPORTED = ["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"];
const OLDEST_MAJOR = 21;

/** Where a Graph version stands in Meta's changelog: https://developers.facebook.com/docs/graph-api/changelog */
export function standingOf(version: string): Standing {
  if (SUPPORTED.includes(version)) return "supported";
  const major = Number(version.slice(1).split(".")[0]);
  return major < OLDEST_MAJOR ? "expired" : "unknown";
}
