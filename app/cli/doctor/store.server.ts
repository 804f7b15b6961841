import { access, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { fine, type Row, wrong } from "./row";

export interface DiskDeps {
  /** Bytes that may still be written where a folder is. */
  freeBytes: (folder: string) => Promise<number>;
}

const MEGABYTE = 1_000_000;
/** Under this, a busy hour or a backup may fill the disk. */
const LEAST_FREE = 500 * MEGABYTE;
/** SQLite empties its log at 4 MB: so much more means that somebody keeps it from doing so. */
const MOST_LOG = 256 * MEGABYTE;

/** Whether the SQLite file and its folder may be written, how much room is left, and how long the write-ahead log is. */
export async function checkFile(path: string, { freeBytes }: DiskDeps): Promise<Row[]> {
  const folder = dirname(path);
  const obstacle = await obstacleOf(path, folder);
  if (obstacle !== null) return [wrong("store", obstacle)];
  const log = await sizeOf(`${path}-wal`);
  const free = await freeBytes(folder);
  return [
    fine("store", `${path} can be written, ${megabytes(await sizeOf(path))}`),
    free < LEAST_FREE
      ? wrong("disk", `only ${megabytes(free)} free in ${folder}: make room, webhooks are refused when it is full`)
      : fine("disk", `${megabytes(free)} free in ${folder}`),
    log > MOST_LOG
      ? wrong("wal", `the write-ahead log is ${megabytes(log)}: end whoever reads ${path} for long, then restart`)
      : fine("wal", `the write-ahead log is ${megabytes(log)}`),
  ];
}

async function obstacleOf(path: string, folder: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isFile()) return `${path} is no file: DATABASE_URL must name the SQLite file itself`;
    // SQLite makes its log beside the file.
    await access(folder, constants.W_OK);
    await access(path, constants.W_OK);
    return null;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT") return `${path} is not there: start the server once, or correct DATABASE_URL`;
    return `${path} cannot be written (${code}): give the user that runs Tandem write access to it and its folder`;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

function megabytes(bytes: number): string {
  const amount = bytes / MEGABYTE;
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} MB`;
}
