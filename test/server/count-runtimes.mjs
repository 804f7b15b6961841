// Preloaded with `node --import`: says on standard error how many runtimes (database client, writer, scheduler) are open,
// each time one opens or has closed. Collects garbage all the time: libsql lets go of a closed connection's files only when
// its statements are collected, and a test counts what is really open.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const HOLDER = Symbol.for("tandem.running");
let current;
let open = 0;

const say = () => process.stderr.write(`runtimes open: ${open}\n`);

Object.defineProperty(globalThis, HOLDER, {
  get: () => current,
  set: (runtime) => {
    current = runtime;
    if (runtime === undefined) return;
    open += 1;
    say();
    const close = runtime.close;
    runtime.close = async () => {
      await close.call(runtime);
      open -= 1;
      say();
    };
  },
});

setFlagsFromString("--expose-gc");
setInterval(runInNewContext("gc"), 200).unref();
