// Checks an export of the ledger (JSON lines on standard input) by docs/ledger.md alone; shares nothing with the app.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const words = (text) => text.split(" ");
const CLEAR = words("shop n sealed_at dataset event source outcome reason waiting_until browser lag_ms");
const ERASABLE = words(
  "order event_id created_at value currency shop_value shop_currency fbtrace_id answered_at bytes_sha256",
);
const sha256 = (parts) => createHash("sha256").update(parts.join("\n")).digest("hex");

const [preamble, ...lines] = readFileSync(0, "utf8").trimEnd().split("\n").map(JSON.parse);
let [n, hash] = preamble.checkpoint.split(".");
for (const line of lines) {
  n = String(Number(n) + 1);
  const erasable = ERASABLE.map((field) => line[field]);
  const kept = line.salt === "" ? erasable.join("") === "" : sha256([line.salt, ...erasable]) === line.commitment;
  const chained = sha256([preamble.format, hash, ...CLEAR.map((field) => line[field]), line.commitment]);
  if (line.n !== n || !kept || chained !== line.hash) {
    console.log(`broken at line ${n}`);
    process.exit(1);
  }
  hash = line.hash;
}
const whole = `${n}.${hash}` === preamble.head;
console.log(whole ? `${lines.length} lines hold` : `broken at line ${Number(n) + 1}`);
process.exit(whole ? 0 : 1);
