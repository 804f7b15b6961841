import { Box } from "@shopify/polaris";

/** Somebody's exact words, or bytes, to be read and copied; what no line can hold breaks anywhere. */
export function Verbatim({ label, text }: { label: string; text: string }) {
  return (
    <Box background="bg-surface-secondary" borderRadius="200" padding="300">
      <section aria-label={label}>
        <pre style={{ margin: 0, fontSize: "0.75rem", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{text}</pre>
      </section>
    </Box>
  );
}

/** JSON set out line by line, a list of one on one; anything else as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2).replace(/\[\s+("(?:[^"\\]|\\.)*")\s+\]/g, "[$1]");
  } catch {
    return text;
  }
}
