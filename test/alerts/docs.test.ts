import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ALERT_KIND_NAMES, thresholdOf } from "~/alerts/kinds";
import { signatureOf } from "~/alerts/signature.server";

const page = readFileSync("docs/alerts.md", "utf8");

describe("docs/alerts.md", () => {
  it("lists every kind with its threshold, as the table has it", () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| .+ \| (.+) \| (.+) \|$/gm)].map(([, kind, unit, usual]) => [
      kind,
      unit,
      usual,
    ]);
    const meant = ALERT_KIND_NAMES.map((kind) => {
      const threshold = thresholdOf(kind);
      return [kind, threshold?.unit ?? "–", threshold === null ? "–" : String(threshold.default)];
    });
    expect(rows).toEqual(meant);
  });

  it("shows how to verify a webhook: what it shows takes ours and refuses all others", () => {
    const shown = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const body = JSON.stringify({ version: 1, says: "Überfällig" });
    const cases = [
      [body, signatureOf(body, "secret"), "secret"],
      [`${body} `, signatureOf(body, "secret"), "secret"],
      [body, signatureOf(body, "another"), "secret"],
      [body, "", "secret"],
    ];
    const program = `${shown}
      const cases = ${JSON.stringify(cases)};
      console.log(JSON.stringify(cases.map(([body, header, secret]) => isFromTandem(Buffer.from(body), header, secret))));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual([true, false, false, false]);
  });
});
