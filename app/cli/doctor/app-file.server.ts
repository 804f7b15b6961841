import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What shopify.app.toml asks Shopify for. */
export interface AppFile {
  scopes: string[];
  /** Of the webhook subscriptions, the compliance topics among them. */
  topics: string[];
  /** 2026-07 */
  apiVersion: string;
}

/** Reads the file in the project's folder. */
export async function readAppFile(root: string): Promise<AppFile> {
  return appFileOf(await readFile(join(root, "shopify.app.toml"), "utf8"));
}

/** Only what is asked for here is read: a TOML parser would be one more package at run time. */
export function appFileOf(toml: string): AppFile {
  const text = toml.replaceAll(/^\s*#.*$/gm, "");
  const lists = [...text.matchAll(/^\s*(?:compliance_)?topics\s*=\s*\[([^\]]*)\]/gm)];
  return {
    scopes: words(/^\s*scopes\s*=\s*"([^"]*)"/m.exec(text)?.[1] ?? ""),
    topics: lists.flatMap(([, list = ""]) => [...list.matchAll(/"([^"]+)"/g)].map(([, topic = ""]) => topic)),
    apiVersion: /^\s*api_version\s*=\s*"([^"]*)"/m.exec(text)?.[1] ?? "",
  };
}

/** Scopes as they are listed, with commas between them. */
export function words(list: string): string[] {
  return list.split(/[\s,]+/).filter((word) => word !== "");
}
