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

/** What a process has said of itself is no longer so. */
export function* dropServerLease(holder: string): Work<void> {
  yield* run(`DELETE FROM "ServerLease" WHERE "holder" = ?`, holder);
}

const RECEIVER = "receiver.";

/** Says that a process takes in what arrives, until then; answers how many do at the moment. */
export function* countReceivers(holder: string, leaseNow: number, until: number): Work<number> {
  yield* run(
    `INSERT INTO "ServerLease" ("name", "holder", "until", "startedAt") VALUES (?1, ?2, ?4, ?3)
       ON CONFLICT ("name") DO UPDATE SET "until" = excluded."until"`,
    RECEIVER + holder,
    holder,
    leaseNow,
    until,
  );
  yield* run(`DELETE FROM "ServerLease" WHERE "name" LIKE '${RECEIVER}%' AND "until" <= ?`, leaseNow);
  const [counted] = yield* all<{ n: number }>(
    `SELECT count(*) AS "n" FROM "ServerLease" WHERE "name" LIKE '${RECEIVER}%'`,
  );
  return counted?.n ?? 1;
}

/** Whether a server is alive on this file. */
export function* serverAlive(leaseNow: number): Work<boolean> {
  return (yield* all(`SELECT 1 FROM "ServerLease" WHERE "name" = ?1 AND "until" > ?2`, SERVER, leaseNow)).length > 0;
}
