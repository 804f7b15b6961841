import { counted } from "../../counted";

/** What one look found. */
export interface Row {
  /** What was looked at, and of whom: no two rows have the same. */
  check: string;
  /** What was looked at. */
  name: string;
  shop?: string;
  dataset?: string;
  ok: boolean;
  /** One line: what was found, and what to do where it is wrong. */
  says: string;
}

/** Whom a row is about; nobody: the whole installation. */
export interface About {
  shop?: string;
  dataset?: string;
}

/** All is well, or there is nothing to be said against it. */
export function fine(name: string, says: string, about: About = {}): Row {
  return rowOf(name, true, says, about);
}

/** Somebody must act; `says` ends with what to do. */
export function wrong(name: string, says: string, about: About = {}): Row {
  return rowOf(name, false, says, about);
}

function rowOf(name: string, ok: boolean, says: string, about: About): Row {
  const check = [name, about.shop, about.dataset].filter((word) => word !== undefined).join(" ");
  // A line is a line, whatever was quoted in it.
  return { check, name, ...about, ok, says: says.replaceAll(/\s*\n\s*/g, "; ") };
}

/** A length of time in words: `40 seconds`, `11 minutes`, `3 hours`, `2 days`. */
export function lasting(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return counted(seconds, "second");
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return counted(minutes, "minute");
  const hours = Math.round(minutes / 60);
  return hours < 48 ? counted(hours, "hour") : counted(Math.round(hours / 24), "day");
}
