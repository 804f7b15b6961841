import { describe, expect, it } from "vitest";
import { openLog } from "~/log.server";

function logged(fields: object): Record<string, unknown> {
  const lines: string[] = [];
  openLog("info", { write: (line) => void lines.push(line) }).info(fields, "said");
  return JSON.parse(lines[0] ?? "{}");
}

describe("the log", () => {
  it("says of an error what it is, where it came from and what caused it", () => {
    const { err } = logged({ err: new TypeError("no answer", { cause: new Error("socket hang up") }) });
    expect(err).toMatchObject({ name: "TypeError", message: "no answer", cause: { message: "socket hang up" } });
    expect((err as { stack: string }).stack).toContain("log.test.ts");
  });

  it("does not look into what hangs on an error: a response there is somebody's data, and reading it may throw", () => {
    const error = Object.assign(new Error("refused"), {
      response: Object.create(Response.prototype),
      token: "EAAsecret",
    });
    const { err } = logged({ err: error });
    expect(Object.keys(err as object).sort()).toEqual(["message", "name", "stack"]);
  });

  it("keeps tokens out, at the top and one level down", () => {
    expect(logged({ token: "EAAsecret", session: { accessToken: "shpat_1" } })).toMatchObject({
      token: "[Redacted]",
      session: { accessToken: "[Redacted]" },
    });
  });

  it("takes what is thrown and is no error", () => {
    expect(logged({ err: "out of paper" })).toMatchObject({ err: { message: "out of paper" } });
  });
});
