// node test/privacy/canary/commands.mjs < [["<args>", "<stdin>"], …]: runs commands of the production build one after the other,
// for to load the build takes longer than all of them. Says "exit <code>" on stderr after each.
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const build = await import("../../../build/server/index.js");
let input = "";
for await (const chunk of process.stdin) input += chunk;
for (const [args, stdin = ""] of JSON.parse(input)) {
  const terminal = {
    stdin: [Buffer.from(stdin)],
    out: (data) => void process.stdout.write(data),
    err: (words) => void process.stderr.write(`${words}\n`),
  };
  const code = await build.entry.module.cli(args.split(" "), { root, terminal });
  process.stderr.write(`exit ${code}\n`);
}
