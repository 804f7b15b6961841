import { writeSync } from "node:fs";
import { nothingWritten } from "~/store/rows";
import { openStore } from "~/store/store.server";
import { purchaseOf } from "./purchases";

// Ingests as fast as it can and prints each order once its write has resolved: tsx ingest-until-killed.ts <file> <first order>
const [path = "", first = "0"] = process.argv.slice(2);
const store = openStore(path);
let order = Number(first);

async function lane(): Promise<void> {
  for (;;) {
    const mine = order++;
    await store.ingest({ ...nothingWritten(), events: [purchaseOf(mine)] });
    acknowledge(`${mine}\n`);
  }
}

for (let lanes = 0; lanes < 64; lanes += 1) void lane();

/** At once, so that what is killed has not acknowledged more than was read; a full pipe is waited for. */
function acknowledge(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
