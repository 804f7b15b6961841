import { all, run, type Work } from "../statement";

/** The one server that may run on this file. */
const SERVER = "server";

/** Takes or renews the server's lease; false while another holder's is alive. Times are of the clock that leases are counted in. */
export function* takeServerLease(holder: string, leaseNow: number, until: number): Work<boolean> {
  const taken = yield* run(
    `INSERT INTO "ServerLease" ("name", "holder", "until", "startedAt") VALUES (?1, ?2, ?4, ?3)
       ON CONFLICT ("name") DO UPDATE SET
         "holder" = excluded."holder", "until" = excluded."until",
         "startedAt" = CASE WHEN "ServerLease"."holder" = ?2 THEN "ServerLease"."startedAt" ELSE ?3 END
       WHERE "ServerLease"."holder" = ?2 OR "ServerLease"."until" <= ?3`,
    SERVER,
    holder,
    leaseNow,
    until,
  );
  return taken > 0;
}

export function* dropServerLease(holder: string): Work<void> {
  yield* run(`DELETE FROM "ServerLease" WHERE "name" = ?1 AND "holder" = ?2`, SERVER, holder);
}

/** Whether a server is alive on this file. */
export function* serverAlive(leaseNow: number): Work<boolean> {
  return (yield* all(`SELECT 1 FROM "ServerLease" WHERE "name" = ?1 AND "until" > ?2`, SERVER, leaseNow)).length > 0;
}
