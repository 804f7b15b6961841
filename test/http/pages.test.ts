import { describe, expect, it } from "vitest";
import { pageRefusal } from "~/http/pages.server";

const FORM = { "content-type": "application/x-www-form-urlencoded;charset=UTF-8", "content-length": "12" };
const MB = 1024 * 1024;

const statusOf = (method: string, headers: Record<string, string> = {}, url = "/app/settings") =>
  pageRefusal({ method, url, headers })?.status ?? null;

describe("what is let through to the pages", () => {
  it.each([
    ["a page that is asked for", "GET", {}],
    ["its head", "HEAD", {}],
    ["a form", "POST", FORM],
    ["an empty one", "POST", { "content-type": "application/x-www-form-urlencoded" }],
    ["one that says that it is not packed", "POST", { ...FORM, "content-encoding": "identity" }],
    ["the longest", "POST", { ...FORM, "content-length": String(MB) }],
  ])("%s is", (_what, method, headers) => {
    expect(statusOf(method, headers)).toBeNull();
  });

  it.each(["TRACE", "OPTIONS", "PUT", "DELETE", "PROPFIND"])("nobody loads or sends by %s", (method) => {
    expect(pageRefusal({ method, url: "/app", headers: {} })).toEqual({
      status: 405,
      text: "method",
      headers: { allow: "GET, HEAD, POST" },
    });
  });

  it.each([
    ["JSON", "application/json"],
    ["text", "text/plain"],
    ["multipart forms, whose end may be missing", "multipart/form-data; boundary=x"],
    ["what begins like a form", "application/x-www-form-urlencodedx"],
    ["nothing said of it", ""],
  ])("no %s is posted", (_what, type) => {
    expect(statusOf("POST", { ...FORM, "content-type": type })).toBe(415);
  });

  it("no form is packed, endless or too long", () => {
    expect(statusOf("POST", { ...FORM, "content-encoding": "gzip" })).toBe(415);
    expect(statusOf("POST", { ...FORM, "transfer-encoding": "chunked" })).toBe(411);
    expect(statusOf("POST", { ...FORM, "content-length": String(MB + 1) })).toBe(413);
  });

  it("nobody takes us for a proxy", () => {
    expect(statusOf("GET", {}, "http://elsewhere.example.com/app")).toBe(400);
    expect(statusOf("GET", {}, "*")).toBe(400);
  });
});
