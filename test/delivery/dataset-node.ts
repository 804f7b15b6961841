import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { z } from "zod";
import type { MetaStandIn } from "../simulators/meta/server";

/** One question about a dataset, as it came over the wire. */
export interface Question {
  method: string;
  /** The URL's path with its query. */
  path: string;
  authorization: string | null;
  body: string;
}

/** Graph's node of a dataset, beside the stand-in's intake of events. */
export interface DatasetNode {
  origin: string;
  /** Oldest first. */
  questions: Question[];
}

const refusal = z.object({ error: z.object({ code: z.number(), error_data: z.string().optional() }) });

/**
 * Answers GET /v25.0/<dataset>?fields=id by the stand-in's own tokens, versions and weather: the stand-in is sent an empty
 * request with the same token, and what it has against the token is passed on. Only "there are no events in it" is a yes.
 */
export async function openDatasetNode(meta: MetaStandIn): Promise<DatasetNode> {
  const questions: Question[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "", url: path = "", headers } = request;
    const authorization = headers.authorization ?? null;
    questions.push({ method, path, authorization, body });
    const [, version, dataset] = /^\/(v[\d.]+)\/(\d+)\?fields=id$/.exec(path) ?? [];
    if (method !== "GET" || dataset === undefined) return void response.writeHead(404).end();
    try {
      const answer = await fetch(`${meta.origin}/${version}/${dataset}/events`, {
        method: "POST",
        headers: { "content-type": "application/json", ...(authorization !== null && { authorization }) },
        body: '{"data":[]}',
      });
      const text = await answer.text();
      const known = lacksEventsOnly(text);
      response.writeHead(known ? 200 : answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(known ? JSON.stringify({ id: dataset }) : text);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, questions };
}

function lacksEventsOnly(text: string): boolean {
  try {
    const { error } = refusal.parse(JSON.parse(text));
    return error.code === 100 && error.error_data !== undefined && error.error_data.includes('"data"');
  } catch {
    return false;
  }
}
