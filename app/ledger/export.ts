import type { LedgerLine } from "../store/rows";
import { CLEAR_FIELDS, clearTexts, ERASABLE_FIELDS, erasableTexts, type LineOf } from "./line";

/** The columns of an export, in their order. All but `current` are what is hashed, as it is hashed. */
export const EXPORT_FIELDS = [...CLEAR_FIELDS, "salt", ...ERASABLE_FIELDS, "commitment", "hash", "current"] as const;

export type ExportedLine = Readonly<Record<(typeof EXPORT_FIELDS)[number], string>>;

export function exportedLine(line: LedgerLine, of: LineOf): ExportedLine {
  const { commitment, hash, salt, current } = line;
  return {
    ...clearTexts(line, of),
    salt: salt ?? "",
    ...erasableTexts(line),
    commitment,
    hash,
    current: current ? "yes" : "no",
  };
}

/** What an export begins with: where its first line hangs on, and where its last one ends. */
export interface ExportPreamble {
  format: string;
  shop: string;
  /** `<number>.<hash>` of the line before the first. */
  checkpoint: string;
  /** `<number>.<hash>` of the last line. */
  head: string;
}

interface ExportFormat {
  begin(preamble: ExportPreamble): string;
  line(line: ExportedLine): string;
}

/** How lines are written out, each ending in a line break. */
export const EXPORT_FORMATS = {
  jsonl: {
    begin: (preamble) => `${JSON.stringify(preamble)}\n`,
    line: (line) => `${JSON.stringify(line)}\n`,
  },
  csv: {
    begin: ({ format, shop, checkpoint, head }) =>
      `# ${format} ${shop} checkpoint=${checkpoint} head=${head}\r\n${EXPORT_FIELDS.join(",")}\r\n`,
    line: (line) => `${EXPORT_FIELDS.map((field) => csvCell(line[field])).join(",")}\r\n`,
  },
} as const satisfies Record<string, ExportFormat>;

/** https://www.rfc-editor.org/rfc/rfc4180; nothing in it begins as a formula does. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
