import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import express from "express";
import { EnvError, type ServerEnv, serverEnv } from "./env.server";
import { beaconRates } from "./http/collect.server";
import { front } from "./http/front.server";
import { guardAnswer } from "./http/security-headers.server";
import { type Log, openLog, wordsOfCrash } from "./log.server";
import { replaceRunning, running, stopRunning } from "./running.server";
import { openRuntime, type Runtime, SecondServer } from "./runtime.server";
import { SchedulerFault } from "./scheduler/boss-database.server";
import { adminGraphqlOf } from "./shopify.server";
import { MigrationError } from "./store/migrate.server";
import { SealError } from "./store/seal.server";

interface Options {
  /** The project's folder. */
  root: string;
  /** In development: Vite's middlewares, which serve the client's modules. */
  vite?: express.RequestHandler;
  /** Another server has taken over the database: the process must end. */
  onLeaseLost?: () => void;
}

/** A request listener on a live runtime; what ran before it in this process is closed first. */
export async function open(build: ServerBuild, { root, vite, onLeaseLost }: Options): Promise<RequestListener> {
  const env = serverEnv();
  const log = openLog(env.LOG_LEVEL);
  const runtime = await replaceRunning(() =>
    openRuntime(env, {
      log,
      root,
      appUrl: env.SHOPIFY_APP_URL,
      role: env.ROLE,
      graphqlOf: adminGraphqlOf,
      ...(onLeaseLost && { onLeaseLost }),
    }),
  );
  runtime.outgoing.bindProcess();
  const tls = env.SHOPIFY_APP_URL.startsWith("https:");
  const door = front({
    ...runtime,
    secrets: [env.SHOPIFY_API_SECRET, ...(env.SHOPIFY_API_SECRET_OLD ? [env.SHOPIFY_API_SECRET_OLD] : [])],
    trustedProxies: env.TRUSTED_PROXIES,
    rates: beaconRates(runtime.receivers),
    metricsToken: env.METRICS_TOKEN,
    tls,
    checkStore: () => runtime.store.check(),
    stored: ({ leaving }) => runtime.scheduler.wake(leaving),
    next: remix(build, { root, ...(vite && { vite }) }, log),
  });
  return env.ROLE === "worker" ? probesOnly(door, tls) : door;
}

const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/** A worker takes nothing in: what reaches it by mistake must not be taken for stored. */
function probesOnly(door: RequestListener, tls: boolean): RequestListener {
  return (request, response) => {
    const [path = ""] = (request.url ?? "").split("?", 1);
    if (PROBES.has(path)) return door(request, response);
    guardAnswer(response, tls);
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("this process only delivers\n");
  };
}

function remix(build: ServerBuild, { root, vite }: Pick<Options, "root" | "vite">, log: Log): express.Express {
  const app = express().disable("x-powered-by");
  if (vite !== undefined) app.use(vite);
  else {
    app.use("/assets", express.static(`${root}/build/client/assets`, { immutable: true, maxAge: "1y" }));
    app.use(express.static(`${root}/build/client`, { maxAge: "1h" }));
  }
  app.all("*", createRequestHandler({ build, mode: vite === undefined ? "production" : "development" }));
  // Express would print the error with the URL in it, and a URL may name a person.
  app.use(((error: unknown, _request, response, _next) => {
    const status = error instanceof URIError ? 400 : 500;
    if (status === 500) log.error({ err: error }, "http.failed");
    if (response.headersSent) response.destroy();
    else
      response
        .status(status)
        .type("text/plain")
        .send(status === 400 ? "bad address" : "error");
  }) satisfies express.ErrorRequestHandler);
  return app;
}

/** How long a stop may take: what is in flight to Meta answers or times out within 10 s. */
const STOP_MS = 14_000;
/** How often Node looks for senders that dawdle; by itself it is every 30 s, which a slow head may add to its own 10. */
const CONNECTIONS_CHECKED_MS = 5_000;
/** How long a sender that is in the middle of a request may take to finish it. */
const DOOR_MS = 6_000;

/** Faults that an operator can mend: they get words, not a stack trace. */
const FOR_THE_OPERATOR = [EnvError, MigrationError, SecondServer, SealError];

/** Runs the server until SIGTERM or SIGINT; what keeps it from starting is said in a line, and ends the process with 1. */
export async function start(build: ServerBuild, options: Options): Promise<void> {
  try {
    await listen(build, options);
  } catch (error) {
    const mendable =
      FOR_THE_OPERATOR.some((fault) => error instanceof fault) ||
      (error instanceof Error && "code" in error && error.code === "EADDRINUSE");
    process.stderr.write(`${mendable && error instanceof Error ? error.message : wordsOfCrash(error)}\n`);
    await stopRunning();
    process.exit(1);
  }
}

/** Listens until told to stop: then takes no more, settles what is in flight, and exits 0. */
async function listen(build: ServerBuild, options: Options): Promise<void> {
  const env = serverEnv();
  const log = openLog(env.LOG_LEVEL);
  // Nothing is known of the state that a fault leaves: what is in flight falls due again.
  function crash(error: unknown): never {
    log.fatal({ err: error }, "crashed");
    process.exit(1);
  }
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", (error) => {
    if (!(error instanceof SchedulerFault)) crash(error);
    log.warn({ err: error }, "pg_boss.failed");
  });
  const listener = await open(build, { ...options, onLeaseLost: () => stop(1) });
  // A sender that dawdles holds a connection, not a worker; half a minute is enough for 2 MB on a bad line.
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: CONNECTIONS_CHECKED_MS },
    listener,
  );
  let stopping = false;
  function stop(code: 0 | 1): void {
    if (!stopping) void shutDown(server, running(), log, code);
    stopping = true;
  }
  process.on("SIGTERM", () => stop(0));
  process.on("SIGINT", () => stop(0));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(env.PORT, env.LISTEN_HOST, resolve);
  });
  log.info({ url: urlOf(env, server.address() as AddressInfo) }, "listening");
}

function urlOf(env: ServerEnv, { port }: AddressInfo): string {
  return `http://${env.LISTEN_HOST}:${port}`;
}

/** Ends the process: with 0 when everything was settled in time. */
async function shutDown(server: Server, runtime: Runtime, log: Log, code: 0 | 1): Promise<void> {
  log.info("stopping");
  const deadline = setTimeout(() => {
    log.error("stopping took too long; what is in flight falls due again when its lease runs out");
    process.exit(1);
  }, STOP_MS);
  await Promise.all([closeDoor(server), runtime.settle()]);
  await stopRunning();
  clearTimeout(deadline);
  log.info("stopped");
  process.exit(code);
}

/** Takes nothing new, answers what has come in whole, and hangs up on who has not finished speaking after a while. */
function closeDoor(server: Server): Promise<void> {
  const hangUp = setTimeout(() => server.closeAllConnections(), DOOR_MS);
  // A connection that is kept alive but idle from now on would hold the door open.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(hangUp);
      clearInterval(idle);
      resolve();
    });
    server.closeIdleConnections();
  });
}
