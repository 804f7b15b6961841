import { PrismaPg } from "@prisma/adapter-pg";
import { defineConfig } from "prisma/config";

// As in prisma.config.ts: the WASM engine needs no binaries, but the CLI looks for two before it starts.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
process.env.PRISMA_QUERY_ENGINE_LIBRARY ??= process.execPath;

// The engine sets an alarm for a lock that it has at once, and the CLI does not end before that has rung: ten seconds of
// every start that migrates. Nothing waits for an alarm alone: while there is something to wait for, a connection is open.
const LONG_MS = 10_000;
globalThis.setTimeout = new Proxy(globalThis.setTimeout, {
  apply(target, self, asked: Parameters<typeof setTimeout>) {
    const timer = Reflect.apply(target, self, asked);
    return (asked[1] ?? 0) >= LONG_MS ? timer.unref() : timer;
  },
});

/** Types of PostgreSQL's catalogue that the adapter cannot read, as types it can: name, name[], regclass, pg_node_tree. */
const READABLE: ReadonlyMap<number, number> = new Map([
  [19, 25],
  [1003, 1009],
  [2205, 25],
  [194, 25],
]);

interface Field {
  dataTypeID: number;
}

type Connection = Awaited<ReturnType<PrismaPg["connect"]>>;

/** Relabels what comes back from the catalogue, in transactions too. */
function readable<Queryable extends object>(queryable: Queryable): Queryable {
  return new Proxy(queryable, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (name === "performIO") return (...asked: unknown[]) => Reflect.apply(member, target, asked).then(relabelled);
      if (name === "startTransaction")
        return (...asked: unknown[]) => Reflect.apply(member, target, asked).then(readable);
      return member;
    },
  });
}

function relabelled<Answer extends { fields?: Field[] }>(answer: Answer): Answer {
  for (const field of answer.fields ?? []) field.dataTypeID = READABLE.get(field.dataTypeID) ?? field.dataTypeID;
  return answer;
}

class CataloguePg extends PrismaPg {
  override async connect(): Promise<Connection> {
    return readable(await super.connect());
  }
}

export default defineConfig({
  schema: "prisma/postgres/schema.prisma",
  migrations: { path: "prisma/postgres/migrations" },
  experimental: { adapter: true },
  engine: "js",
  adapter: async () => {
    const url = new URL(process.env.DATABASE_URL ?? "");
    // Field by field: with a connection string Prisma takes the database itself for the shadow it may empty.
    return new CataloguePg({
      host: url.hostname,
      port: Number(url.port || 5432),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: url.pathname.slice(1),
      // Nor does the CLI close the driver's connection.
      allowExitOnIdle: true,
    });
  },
});
