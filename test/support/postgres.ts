import { execFileSync, type StdioOptions, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a server ends: `fast` as an operator ends it, `immediate` as a crash would. */
export type Halt = "fast" | "immediate";

/** A PostgreSQL of our own: a fresh cluster on a free port of this machine, gone afterwards. */
export interface PrivatePostgres {
  /** URL of one of its databases. */
  url(database: string): string;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
  /** Ends the server; its files stay. */
  halt(how: Halt): Promise<void>;
  /** The ids of its processes, the one that starts the others first. */
  processes(): number[];
  /** Whose they are; empty: ours. */
  user: User;
  /** Its files once more, on a port of their own, not started yet; only while it is halted. */
  copy(): Promise<PrivatePostgres>;
  /** Ends it, if it runs, and takes its files away. */
  stop(): void;
}

interface User {
  uid?: number;
  gid?: number;
}

interface Settings {
  /** Whether a commit waits for the disk. Tests do without. */
  fsync?: boolean;
  /** How large the files of its log are, MB, a power of 2. */
  logFileMb?: number;
}

const OWNER = "tandem";

/** Where Debian keeps the server's programs; they are not on everybody's PATH. */
export function programs(): string | null {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return null;
  const newest = readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(versions, newest, "bin");
}

/** Whether PostgreSQL is installed. */
export function hasPostgres(): boolean {
  return programs() !== null;
}

/** Throws where PostgreSQL is not installed. */
export async function startPostgres({ fsync = false, logFileMb = 16 }: Settings = {}): Promise<PrivatePostgres> {
  const bin = programs();
  if (bin === null) throw new Error("PostgreSQL is not installed (Debian: apt-get install postgresql)");
  const folder = newFolder();
  const log = `--wal-segsize=${logFileMb}`;
  execFileSync(
    join(bin, "initdb"),
    ["-D", join(folder, "data"), "-U", OWNER, "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8", log],
    { ...serversUser(), cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
  );
  const postgres = await clusterIn(folder, bin, fsync);
  await postgres.start();
  return postgres;
}

async function clusterIn(folder: string, bin: string, fsync: boolean): Promise<PrivatePostgres> {
  const data = join(folder, "data");
  const pidFile = join(data, "postmaster.pid");
  const port = await freePort();
  const control = join(bin, "pg_ctl");
  const stdio: StdioOptions = ["ignore", "ignore", "inherit"];
  const options = { ...serversUser(), cwd: folder, stdio };
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=${fsync ? "on" : "off"}`;

  async function execute(...args: string[]): Promise<void> {
    const child = spawn(control, ["-D", data, ...args], options);
    const code = await new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
    if (code !== 0) throw new Error(`pg_ctl ${args.join(" ")} ended with ${code}`);
  }

  return {
    user: serversUser(),
    url: (database) => `postgresql://${OWNER}@127.0.0.1:${port}/${database}`,
    start: () => execute("-o", settings, "-l", join(folder, "log"), "-w", "start"),
    halt: (how) => execute("-m", how, "-w", "stop"),
    processes: () => {
      const [first = ""] = readFileSync(pidFile, "utf8").split("\n", 1);
      const others = execFileSync("ps", ["-o", "pid=", "--ppid", first], { encoding: "utf8" });
      return [first, ...others.trim().split(/\s+/)].map(Number);
    },
    copy: async () => {
      const other = newFolder();
      cpSync(data, join(other, "data"), { recursive: true, preserveTimestamps: true });
      own(join(other, "data"));
      return clusterIn(other, bin, fsync);
    },
    stop: () => {
      if (existsSync(pidFile)) execFileSync(control, ["-D", data, "-m", "immediate", "stop"], options);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-postgres-"));
  own(folder);
  return folder;
}

/** Gives all that lies there to the server's user. */
function own(path: string): void {
  const { uid, gid } = serversUser();
  if (uid !== undefined && gid !== undefined) execFileSync("chown", ["-R", `${uid}:${gid}`, path]);
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian made for it. */
function serversUser(): User {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject()));
    });
  });
}
