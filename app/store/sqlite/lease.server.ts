import type { Connection } from "./connection.server";

/** The one server that may run on this file. */
const SERVER = "server";

/** Takes or renews the server's lease; false while another holder's is alive. */
export function takeServerLease(connection: Connection, holder: string, now: number, until: number): boolean {
  return (
    connection.run(
      `INSERT INTO "ServerLease" ("name", "holder", "until", "startedAt") VALUES (?1, ?2, ?4, ?3)
       ON CONFLICT ("name") DO UPDATE SET
         "holder" = excluded."holder", "until" = excluded."until",
         "startedAt" = CASE WHEN "holder" = ?2 THEN "startedAt" ELSE ?3 END
       WHERE "holder" = ?2 OR "until" <= ?3`,
      SERVER,
      holder,
      now,
      until,
    ) > 0
  );
}

export function dropServerLease(connection: Connection, holder: string): void {
  connection.run(`DELETE FROM "ServerLease" WHERE "name" = ? AND "holder" = ?`, SERVER, holder);
}

/** Whether a server is alive on this file. */
export function serverAlive(connection: Connection, now: number): boolean {
  return connection.all(`SELECT 1 FROM "ServerLease" WHERE "name" = ? AND "until" > ?`, SERVER, now).length > 0;
}
