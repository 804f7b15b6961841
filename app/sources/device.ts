import type { DeviceFamily } from "../events/event";

/** First match wins: in-app browsers also say which phone they run on. */
const FAMILIES: readonly (readonly [DeviceFamily, RegExp])[] = [
  ["in_app", /FBAN|FBAV|Instagram|TikTok|musical_ly|Pinterest|Snapchat|Line\//],
  ["tablet", /iPad|Tablet|Android(?!.*Mobile)/],
  ["phone", /iPhone|Mobile|Android/],
  ["desktop", /Windows|Macintosh|X11|CrOS/],
];

/** The family of the device behind a user agent; null when it says nothing. */
export function deviceFamily(userAgent: string | null): DeviceFamily | null {
  if (userAgent === null) return null;
  return FAMILIES.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? null;
}
