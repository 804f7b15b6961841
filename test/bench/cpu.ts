import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

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

/** What all cores have done since the machine was started, milliseconds. */
export interface MachineTime {
  busy: number;
  all: number;
}

export function machineTime(): MachineTime {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  const all = times.reduce((sum, { user, nice, sys, irq, idle: rest }) => sum + user + nice + sys + irq + rest, 0);
  return { busy: all - idle, all };
}

/** How busy all cores together were between two moments: 1 is all the time. */
export function busyBetween(before: MachineTime, after: MachineTime): number {
  return (after.busy - before.busy) / (after.all - before.all);
}
