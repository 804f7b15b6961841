import { describe, expect, it } from "vitest";
import { hashed } from "../examples/example";
import { tandem } from "./run";

const run = (input: unknown) =>
  tandem(["match-keys"], { stdin: typeof input === "string" ? input : JSON.stringify(input) });

describe("match-keys", () => {
  it("answers an object with user_data as it would be sent", async () => {
    const { code, out, err } = await run({
      em: " Jordan.Example@Example.com ",
      ph: "(503) 226-1234",
      fn: "Jordan",
      ln: ["Example", "O’Specimen"],
      ge: "Female",
      db: "1990-02-16",
      ct: "St. Albans",
      st: "Oregon",
      zp: "97201-1234",
      country: "US",
      external_id: 8880001,
      client_ip_address: "203.0.113.20",
      client_user_agent: "Mozilla/5.0",
      fbc: "fb.1.1763632800123.IwAR0aBcD",
      fbp: "fb.1.1763632800000.1098115397",
    });
    expect({ code, err, out: JSON.parse(out) }).toEqual({
      code: 0,
      err: "",
      out: {
        em: hashed("jordan.example@example.com"),
        ph: hashed("15032261234"),
        fn: hashed("jordan"),
        ln: hashed("example", "ospecimen"),
        ge: hashed("f"),
        db: hashed("19900216"),
        ct: hashed("stalbans"),
        st: hashed("or"),
        zp: hashed("97201"),
        country: hashed("us"),
        external_id: hashed("8880001"),
        client_ip_address: "203.0.113.20",
        client_user_agent: "Mozilla/5.0",
        fbc: "fb.1.1763632800123.IwAR0aBcD",
        fbp: "fb.1.1763632800000.1098115397",
      },
    });
  });

  it("answers an array with an array, one for one", async () => {
    const { code, out } = await run([{ em: "a@example.com" }, {}, { em: null, fn: "Käthe" }]);
    expect({ code, out: JSON.parse(out) }).toEqual({
      code: 0,
      out: [{ em: hashed("a@example.com") }, {}, { fn: hashed("käthe") }],
    });
    expect(JSON.parse((await run([])).out)).toEqual([]);
  });

  it("leaves out what cannot be normalised, and nulls", async () => {
    const { code, out } = await run({ em: "no e-mail", ph: "5", fn: "🙂", zp: [null, ""], country: null, ct: [] });
    expect({ code, out }).toEqual({ code: 0, out: "{}\n" });
  });

  it("counts a number as its decimal string, beyond 2^53 too", async () => {
    const { out } = await run('{"external_id":[820982911946154509,7],"zp":97201}');
    expect(JSON.parse(out)).toEqual({ external_id: hashed("820982911946154509", "7"), zp: hashed("97201") });
  });

  it.each([
    ["email", { email: "a@example.com" }],
    ["em", { em: { address: "a@example.com" } }],
    ["em", { em: true }],
    ["ph[1]", { ph: ["5032261234", {}] }],
    ["fbp", { fbp: ["fb.1.1763632800000.1"] }],
    ["[1].age", [{ em: "a@example.com" }, { age: 5 }]],
    ["[0]", ["a@example.com"]],
    ["[0]", [[]]],
    ["input", "5"],
    ["input", "null"],
    ["input", '"a@example.com"'],
    ["standard input", ""],
    ["standard input", "{em: a}"],
  ])("refuses bad input and names %s", async (field, input) => {
    const { code, out, err } = await run(input);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.startsWith(`${field}: `), err).toBe(true);
    expect(err).not.toContain("a@example.com");
  });

  it("takes no flags and needs no environment", async () => {
    const { code, err } = await tandem(["match-keys", "--json"], { stdin: "{}" });
    expect(code).toBe(2);
    expect(err).toMatch(/^--json: /);
  });
});
