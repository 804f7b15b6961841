// node --import ./test/abuse/watch.mjs …: what of a process nobody sees from outside. At SIGUSR2 it frees what nobody holds
// any more, so that its memory can be compared, and says whether anything has got onto the objects that all others inherit from.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const free = runInNewContext("gc");
const PROTOTYPES = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const before = PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length);

process.on("SIGUSR2", () => {
  free();
  const polluted = PROTOTYPES.some((prototype, n) => Reflect.ownKeys(prototype).length !== before[n]);
  process.stderr.write(`${JSON.stringify({ watch: { polluted, heap: process.memoryUsage().heapUsed } })}\n`);
});
