import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { endOfVersion } from "./graph-versions";
import { fine, type Row, wrong } from "./row";

const packageFile = z.object({ version: z.string(), engines: z.object({ node: z.string() }) });

/** So long before its end a version is spoken of. */
const NOTICE_MS = 90 * 24 * 3_600_000;

interface Asked {
  root: string;
  /** v25.0 */
  graphVersion: string;
  /** v20.19.0 */
  nodeVersion: string;
  now: number;
}

/** Tandem's own version, Node's, and Meta's Graph API with its end. */
export async function checkVersions({ root, graphVersion, nodeVersion, now }: Asked): Promise<Row[]> {
  const { version, engines } = packageFile.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  const least = /\d+(?:\.\d+)*/.exec(engines.node)?.[0] ?? "0";
  const own = `Tandem ${version}, Node ${nodeVersion}`;
  return [
    isOlder(nodeVersion, least)
      ? wrong("version", `${own}: Node ${least} or newer is needed; install it and start again`)
      : fine("version", own),
    graphRow(graphVersion, now),
  ];
}

function graphRow(version: string, now: number): Row {
  const end = endOfVersion(version, now);
  switch (end.kind) {
    case "ended":
      return wrong("graph_version", `Meta ended ${version} on ${end.on}; set META_GRAPH_VERSION=v26.0 and restart`);
    case "ends": {
      const soon = Date.parse(end.on) - now < NOTICE_MS;
      return fine("graph_version", `${version}, which Meta ends on ${end.on}${soon ? ": upgrade before" : ""}`);
    }
    case "open":
      return fine("graph_version", `${version}; Meta has not said when it ends`);
    case "unknown":
      return fine("graph_version", `${version}, of which this release does not know when it ends`);
  }
}

function isOlder(version: string, least: string): boolean {
  const [have, want] = [version.replace(/^v/, ""), least].map((text) => text.split(".").map(Number));
  for (const [index, number] of (want ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== number) return own < number;
  }
  return false;
}
