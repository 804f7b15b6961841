import { onTestFinished } from "vitest";
import { type Destination, type Fetch, openGraphPool, postEvents } from "~/delivery/graph.server";
import type { Answer } from "~/delivery/verdicts";
import { purchase } from "../simulators/meta/calls";
import { type MetaOptions, type MetaStandIn, startMeta } from "../simulators/meta/server";

export const DATASET = "1001";
export const TOKEN = "EAAsecrettoken";

/** A body that Meta takes at the hour the stand-in's tests hold. */
export const BODY = JSON.stringify({ data: [purchase()] });

export function destinationAt(graphUrl: string, over: Partial<Destination> = {}): Destination {
  return { graphUrl, version: "v25.0", dataset: DATASET, token: TOKEN, ...over };
}

/** A pool of connections of this test's own. */
export function openPool(): Fetch {
  const pool = openGraphPool((dispatch) => dispatch);
  onTestFinished(() => pool.close());
  return pool.fetch;
}

export interface Line {
  meta: MetaStandIn;
  post(body?: string, over?: Partial<Destination>): Promise<Answer>;
}

/** A stand-in with a client that talks to it. */
export async function openLine(options: MetaOptions): Promise<Line> {
  const fetch = openPool();
  const meta = await startMeta(options);
  onTestFinished(() => meta.close());
  return { meta, post: (body = BODY, over = {}) => postEvents(destinationAt(meta.origin, over), body, fetch) };
}
