import { existsSync, readFileSync } from "node:fs";

/** Linux counts the time of processes in hundredths of a second. */
const TICK_US = 10_000;

/** Microseconds of CPU that other processes have had; NaN where the system has no /proc. */
export function cpuOf(pids: readonly number[]): number {
  if (!existsSync("/proc/self/stat")) return Number.NaN;
  return pids.reduce((sum, pid) => sum + ticksOf(pid) * TICK_US, 0);
}

/** Of one that has ended: none. */
function ticksOf(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const text = readFileSync(file, "utf8");
  // The name in brackets may hold anything; user and system time are the 12th and 13th after it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** What all cores have done since the machine was started, in hundredths of a second. */
export interface MachineTime {
  busy: number;
  /** What another machine on the same cores had of them, where this is a virtual one. */
  stolen: number;
  all: number;
}

/** NaN where the system has no /proc. */
export function machineTime(): MachineTime {
  if (!existsSync("/proc/stat")) return { busy: Number.NaN, stolen: Number.NaN, all: Number.NaN };
  const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  // https://man7.org/linux/man-pages/man5/proc_stat.5.html
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, stolen = 0] = first
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const busy = user + nice + system + irq + softirq;
  return { busy, stolen, all: busy + stolen + idle + waiting };
}

/** The parts of all cores' time between two moments: 1 is all of it. */
export function sharesBetween(before: MachineTime, after: MachineTime): { busy: number; stolen: number } {
  const all = after.all - before.all;
  return { busy: (after.busy - before.busy) / all, stolen: (after.stolen - before.stolen) / all };
}
