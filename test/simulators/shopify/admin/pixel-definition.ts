import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { z } from "zod";
import { jsonOf } from "../http";

/** The fields of a web pixel's settings, as its shopify.extension.toml declares them: name → shortest length. */
export type PixelDefinition = ReadonlyMap<string, number>;

export type PixelSettingsRecord = Record<string, string>;

export interface UserError {
  code: "INVALID_CONFIGURATION_JSON" | "INVALID_SETTINGS" | "NOT_FOUND" | "TAKEN" | "UNEXPECTED_ERROR";
  field: string[] | null;
  message: string;
}

export type CheckedSettings = { settings: PixelSettingsRecord; errors: [] } | { settings: null; errors: UserError[] };

const extension = z.object({
  type: z.literal("web_pixel_extension"),
  settings: z.object({
    type: z.literal("object"),
    fields: z.record(
      z.string(),
      z.object({
        type: z.literal("single_line_text_field"),
        validations: z.array(z.object({ name: z.literal("min"), value: z.string().regex(/^\d+$/) })).default([]),
      }),
    ),
  }),
});

export function readDefinition(path = "extensions/meta-pixel/shopify.extension.toml"): PixelDefinition {
  const { fields } = extension.parse(parse(readFileSync(path, "utf8"))).settings;
  return new Map(
    Object.entries(fields).map(([name, { validations }]) => [
      name,
      Math.max(0, ...validations.map(({ value }) => Number(value))),
    ]),
  );
}

/** Judges settings, an object or a JSON text of one, by the definition. */
export function checkSettings(definition: PixelDefinition, given: unknown): CheckedSettings {
  const value = typeof given === "string" ? jsonOf(given) : given;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refused("INVALID_CONFIGURATION_JSON", ["Settings must be a valid JSON object"]);
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const faults = [
    ...listed(
      "Missing keys",
      [...definition.keys()].filter((name) => !fields.has(name)),
    ),
    ...listed(
      "Unexpected keys",
      [...fields.keys()].filter((name) => !definition.has(name)),
    ),
    ...[...fields].flatMap(([name, field]) => faultOf(name, field, definition.get(name))),
  ];
  if (faults.length > 0) return refused("INVALID_SETTINGS", faults);
  return { settings: Object.fromEntries([...fields].map(([name, field]) => [name, String(field)])), errors: [] };
}

function faultOf(name: string, field: unknown, shortest: number | undefined): string[] {
  if (shortest === undefined) return [];
  if (typeof field !== "string") return [`Value of ${name} must be a string`];
  return field.length < shortest ? [`Value of ${name} must have a minimum length of ${shortest}`] : [];
}

function listed(fault: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${fault}: ${names.join(", ")}`];
}

/** `Missing keys` and the field are Shopify's: https://shopify.dev/docs/api/admin-graphql/2026-07/mutations/webPixelCreate */
function refused(code: UserError["code"], messages: readonly string[]): CheckedSettings {
  return { settings: null, errors: messages.map((message) => ({ code, field: ["webPixel"], message })) };
}
