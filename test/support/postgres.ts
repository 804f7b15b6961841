import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A PostgreSQL of our own: a fresh cluster on a free port of this machine, gone afterwards. */
export interface PrivatePostgres {
  /** URL of one of its databases. */
  url(database: string): string;
  stop(): void;
}

const OWNER = "tandem";

/** Where Debian keeps the server's programs; they are not on everybody's PATH. */
function programs(): string | null {
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
export async function startPostgres(): Promise<PrivatePostgres> {
  const bin = programs();
  if (bin === null) throw new Error("PostgreSQL is not installed (Debian: apt-get install postgresql)");
  const folder = mkdtempSync(join(tmpdir(), "tandem-postgres-"));
  const as = serversUser();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, "data");
  const port = await freePort();
  const execute = (program: string, ...args: string[]) =>
    execFileSync(join(bin, program), args, { ...as, cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  execute("initdb", "-D", data, "-U", OWNER, "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8");
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off`;
  execute("pg_ctl", "-D", data, "-o", settings, "-l", join(folder, "log"), "-w", "start");
  return {
    url: (database) => `postgresql://${OWNER}@127.0.0.1:${port}/${database}`,
    stop: () => {
      execute("pg_ctl", "-D", data, "-m", "immediate", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian made for it. */
function serversUser(): { uid?: number; gid?: number } {
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
