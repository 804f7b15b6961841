// The development server: Vite in middleware mode under the same front as in production. A change to a server module
// closes what runs and opens it anew from the new code; the browser's modules are Vite's business.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { createServer as createVite } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const say = (words) => process.stderr.write(`${words}\n`);
const appUrl = process.env.SHOPIFY_APP_URL || process.env.HOST;

const server = createServer((request, response) => {
  listener().then(
    (handle) => handle(request, response),
    (error) => {
      response.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
      response.end(error.stack ?? String(error));
    },
  );
});
const vite = await createVite({
  root,
  appType: "custom",
  // `shopify app dev` opens a tunnel: pages come in under its name, and hot updates through the same door.
  server: {
    middlewareMode: true,
    hmr: { server },
    allowedHosts: URL.canParse(appUrl) ? [new URL(appUrl).hostname] : [],
  },
});

let opened = {};
/** Closes what runs. */
let close = async () => undefined;
let turn = Promise.resolve();
let stopping = false;

/** The listener of the newest code. One load at a time: two would each open a database. */
function listener() {
  turn = turn.then(load, load);
  return turn;
}

async function load() {
  if (stopping) throw new Error("the development server is stopping");
  try {
    const build = await vite.ssrLoadModule("virtual:remix/server-build");
    if (build !== opened.build) {
      close = build.entry.module.stop;
      opened = { listener: await build.entry.module.open(build, { root, vite: vite.middlewares }), build };
    }
    return opened.listener;
  } catch (error) {
    opened = {};
    vite.ssrFixStacktrace(error);
    throw error;
  }
}

/** Deliveries need no visitor: what is due leaves from the first moment, and after each change. */
async function open() {
  await listener().catch((error) => say(`not running: ${error.stack ?? error}`));
}

async function stop() {
  if (stopping) return;
  stopping = true;
  server.close();
  server.closeAllConnections();
  await turn.catch(() => undefined);
  await close();
  await vite.close();
  process.exit(0);
}

// A Vite that Remix keeps for itself would end the process at once.
process.removeAllListeners("SIGTERM");
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
await open();
vite.watcher.on("all", (_event, path) => {
  // After Vite's own listeners, which mark the modules that changed.
  if (path.startsWith(`${root}app/`)) setImmediate(open);
});
server.listen(Number(process.env.PORT || 3000), process.env.LISTEN_HOST || "127.0.0.1", () => {
  const { address, port } = server.address();
  say(`developing on http://${address}:${port}`);
});
