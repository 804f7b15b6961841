import { connect, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { openPool } from "~/store/postgres/pool.server";
import { openPostgresWriter } from "~/store/postgres/writer.server";
import { storeOn } from "~/store/store.server";
import { freshDatabase } from "../support/database";

/** A way to a server that can go silent: what is connected stays connected, and nothing passes any more. */
async function wayTo(url: string): Promise<{ url: string; silence(): void }> {
  const { hostname, port } = new URL(url);
  const pairs: [Socket, Socket][] = [];
  const way = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const end of [near, far]) end.on("error", () => undefined);
    near.pipe(far).pipe(near);
    pairs.push([near, far]);
  });
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const end of pairs.flat()) end.destroy();
    way.close();
  });
  const through = new URL(url);
  const address = way.address();
  if (address === null || typeof address === "string") throw new Error("the way has no port");
  through.host = `127.0.0.1:${address.port}`;
  return {
    url: through.href,
    silence: () => {
      for (const [near, far] of pairs.splice(0)) {
        near.unpipe(far);
        far.unpipe(near);
        near.resume();
      }
    },
  };
}

it("a connection on which the server says nothing any more is given up, and another one is taken", async () => {
  const way = await wayTo(freshDatabase());
  const store = storeOn(openPostgresWriter(openPool(way.url, { queryMs: 300 })));
  onTestFinished(() => store.close());
  await store.check();
  expect(await store.settingsVersion()).toBeGreaterThanOrEqual(0);
  way.silence();
  await store.check();
  way.silence();
  expect(await store.settingsVersion()).toBeGreaterThanOrEqual(0);
});
