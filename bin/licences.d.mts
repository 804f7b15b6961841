interface Entry {
  version?: string;
  license?: string;
  integrity?: string;
  resolved?: string;
  /** Only development needs it. */
  dev?: boolean;
  /** A workspace. */
  link?: boolean;
}

/** package-lock.json, as far as it is read. */
export interface Lockfile {
  packages: Record<string, Entry>;
}

/** Development packages whose code ships all the same: bundled into what a browser runs. */
export const BUNDLED: ReadonlySet<string>;

/**
 * One line per fault of the lockfile, none where it may be installed and shipped. `statedIn` reads the licence in the
 * package installed at a path, undefined where none is.
 */
export function faults(lock: Lockfile, statedIn: (path: string) => string | undefined): string[];
