// Another process that holds SQLite's write lock until its standard input ends: node hold-lock.mjs <file>
import Database from "libsql";

const database = new Database(process.argv[2]);
database.prepare("PRAGMA busy_timeout = 5000").all();
database.exec("BEGIN IMMEDIATE");
process.stdout.write("held\n");
process.stdin.on("end", () => {
  database.exec("ROLLBACK");
  database.close();
});
process.stdin.resume();
