import { CHOICES, defaultFor, REGION_NAMES, REGIONS } from "~/consent/policy";
import { VERDICTS } from "~/delivery/verdicts";
import { CATALOG } from "~/events/catalog";
import { CONTENT_ID_FORMATS } from "~/events/content-id-formats";
import { EVENT_NAMES, isPixelEventName, PIXEL_NAMES } from "~/events/names";
import { ORDER_SOURCES, ORDER_TRAITS, TREATMENTS } from "~/events/order-sources";
import { REASONS } from "~/events/outcome";
import { VALUE_BASES, VALUE_MONEYS } from "~/events/value";
import { DEVIATIONS } from "~/match-keys/deviations";
import { HASHED_ROWS, MATCH_KEYS } from "~/match-keys/keys";
import { DEFAULT_POLICY, PURCHASE_TRIGGERS } from "~/settings/dataset-policy";
import { TOPICS } from "~/sources/topics";

/** The README's tables, made from the code's. */
export const TABLES: Record<string, () => string> = {
  events: () =>
    table(
      ["event", "browser sees it as", "webhooks", "browser leg", "server leg", "what it is for"],
      EVENT_NAMES.map((name) => {
        const { topics, defaults, help } = CATALOG[name];
        return [
          name,
          code(isPixelEventName(name) ? PIXEL_NAMES[name] : null),
          topics.map(code).join(", ") || "–",
          onOff(defaults.browser),
          onOff(defaults.server),
          help,
        ];
      }),
    ),
  topics: () =>
    table(
      ["topic", "about"],
      Object.entries(TOPICS).map(([topic, { event }]) => [code(topic), event ?? "the shop itself"]),
    ),
  "match-keys": () =>
    table(
      ["key", "what", "rule", "sent", "Meta's priority"],
      MATCH_KEYS.map(({ key, label, rule, hashed, tier }) => [
        code(key),
        label,
        rule,
        hashed ? "hashed" : "as it is",
        tier ?? "–",
      ]),
    ),
  deviations: () =>
    table(
      ["key", "what", "Tandem", "Meta's parameter builder", "for example", "Tandem", "builder"],
      DEVIATIONS.map(({ keys, what, ours, builder, example }) => [
        keys.length === HASHED_ROWS.length ? "every hashed key" : keys.map(code).join(", "),
        what,
        ours,
        builder,
        example.country === null ? sample(example.value) : `${sample(example.value)} in ${example.country}`,
        sample(example.ours),
        sample(example.builder),
      ]),
    ),
  "order-sources": () =>
    table(
      ["order", "which", "sent as", "its name as a custom event"],
      [
        ...Object.values(ORDER_SOURCES).map(({ label, help, default: treatment, custom }) => [
          label,
          help,
          TREATMENTS[treatment].label,
          code(custom),
        ]),
        ...Object.values(ORDER_TRAITS).map(({ label, help, custom }) => [label, help, "as its source", code(custom)]),
      ],
    ),
  policies: () =>
    table(
      ["", "choice", "which"],
      [
        ...choices("A Purchase counts", PURCHASE_TRIGGERS, DEFAULT_POLICY.trigger),
        ...choices("Its value is", VALUE_BASES, DEFAULT_POLICY.value.basis),
        ...choices("told in", VALUE_MONEYS, DEFAULT_POLICY.value.money),
        ...choices("Goods are named by", CONTENT_ID_FORMATS, DEFAULT_POLICY.contentId),
      ],
    ),
  consent: () =>
    table(
      ["region", "agreed", "opted out of the sale of data", "said nothing", "refused"],
      REGION_NAMES.map((region) => [
        `${REGIONS[region].label}: ${REGIONS[region].help}`,
        ...(["given", "sale_opt_out", "none", "refused"] as const).map(
          (signal) => CHOICES[defaultFor(region, signal)].label,
        ),
      ]),
    ),
  reasons: () =>
    table(
      ["reason", "outcome", "in words"],
      Object.entries(REASONS).map(([reason, { outcome, says }]) => [code(reason), outcome, says]),
    ),
  verdicts: () =>
    table(
      ["code", "subcode", "verdict", "who acts", "in words"],
      VERDICTS.map(({ code: value, subcode, verdict, actor, says, tries }) => [
        range(value),
        range(subcode),
        tries === undefined ? verdict : `${verdict}, ${tries} times`,
        actor,
        says,
      ]),
    ),
};

/** The page with every table between its two marks renewed. */
export function withTables(page: string): string {
  return Object.entries(TABLES).reduce((text, [name, render]) => {
    const marked = new RegExp(`(<!-- table:${name} -->\n)[^]*?(<!-- /table:${name} -->)`);
    if (!marked.test(text)) throw new Error(`README.md has no place for the table "${name}"`);
    return text.replace(marked, (_all, open: string, close: string) => `${open}${render()}\n${close}`);
  }, page);
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/** The rows of one choice, its name beside the first. */
function choices(name: string, rows: Record<string, { label: string; help: string }>, usual: string): string[][] {
  return Object.entries(rows).map(([key, { label, help }], index) => [
    index === 0 ? name : "",
    key === usual ? `${label} (default)` : label,
    help,
  ]);
}

function code(text: string | null): string {
  return text === null ? "–" : `\`${text}\``;
}

/** A value as it can be printed: what cannot be seen is escaped, what is long is cut. */
function sample(text: string | null): string {
  if (text === null) return "absent";
  const visible = text.replace(/[\p{C}\p{M}]/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return code(visible.length > 40 ? `${visible.slice(0, 12)}…${visible.slice(-12)}` : visible);
}

function onOff(on: boolean): string {
  return on ? "on" : "off";
}

function range(value: number | readonly [number, number] | undefined): string {
  if (value === undefined) return "any";
  if (typeof value === "number") return String(value);
  return value[0] === value[1] ? String(value[0]) : `${value[0]} … ${value[1]}`;
}
