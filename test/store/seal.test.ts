import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshKey, open, SealError, seal, sealKey } from "~/store/seal.server";

const KEY = sealKey(Buffer.alloc(32, 7));
const PLACE = { shop: "example-shop.myshopify.com", column: "Dataset.token" };
const SEALED = seal(KEY, PLACE, "EAAsecret");

describe("a sealed value", () => {
  it("opens to what was sealed, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (plain) => {
        expect(open([KEY], PLACE, seal(KEY, PLACE, plain))).toBe(plain);
      }),
    );
  });

  it("has the form v1.<key id>.<nonce>.<ciphertext> and shows nothing of what is in it", () => {
    expect(SEALED).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/);
    const [, keyId, nonce, body] = SEALED.split(".");
    expect(keyId).toBe(KEY.id);
    expect(Buffer.from(String(nonce), "base64url")).toHaveLength(12);
    expect(Buffer.from(String(body), "base64url")).toHaveLength("EAAsecret".length + 16);
    expect(SEALED).not.toContain("EAAsecret");
    expect(Buffer.from(String(body), "base64url").toString("latin1")).not.toContain("EAAsecret");
  });

  it("is never the same twice, for no two are sealed with one nonce", () => {
    const nonces = Array.from({ length: 1_000 }, () => seal(KEY, PLACE, "EAAsecret").split(".")[2]);
    expect(new Set(nonces).size).toBe(1_000);
  });

  it.each([
    { what: "another shop", keys: [KEY], place: { ...PLACE, shop: "other-shop.myshopify.com" } },
    { what: "another column", keys: [KEY], place: { ...PLACE, column: "Session.accessToken" } },
    { what: "another key", keys: [freshKey()], place: PLACE },
    { what: "another key under the same id", keys: [{ ...freshKey(), id: KEY.id }], place: PLACE },
    { what: "no key", keys: [], place: PLACE },
  ])("does not open with $what", ({ keys, place }) => {
    expect(() => open(keys, place, SEALED)).toThrow(SealError);
  });

  it("does not open when any of its bytes is altered", () => {
    const [version, keyId, nonce, body] = SEALED.split(".");
    for (const part of [nonce, body]) {
      const bytes = Buffer.from(String(part), "base64url");
      for (let index = 0; index < bytes.length; index += 1) {
        const altered = Buffer.from(bytes);
        altered[index] = (altered[index] ?? 0) ^ 1;
        const text = altered.toString("base64url");
        const sealed = [version, keyId, part === nonce ? text : nonce, part === nonce ? body : text].join(".");
        expect(() => open([KEY], PLACE, sealed)).toThrow(SealError);
      }
    }
  });

  it.each([
    "",
    "EAAsecret",
    "v2.00000000.AAAAAAAAAAAAAAAA.AAAA",
    "v1",
    `v1.${KEY.id}`,
    `v1.${KEY.id}.AAAAAAAAAAAAAAAA`,
    `v1.${KEY.id}.AAAAAAAAAAAAAAAA.`,
    `v1.${KEY.id}.AAAAAAAAAAAAAAAA.AAAA`,
    `v1.${KEY.id}..AAAAAAAAAAAAAAAAAAAAAAAAAAAA`,
    `v1.${KEY.id}.AAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAA`,
    SEALED.slice(0, -4),
    `${SEALED}.more`,
  ])("is told from what only looks like one: %j", (sealed) => {
    expect(() => open([KEY], PLACE, sealed)).toThrow(SealError);
  });

  it("opens with whichever of several keys sealed it", () => {
    expect(open([freshKey(), KEY, freshKey()], PLACE, SEALED)).toBe("EAAsecret");
  });

  it("does not tell its content in the error", () => {
    const elsewhere = () => open([KEY], { ...PLACE, column: "Event.bytes" }, SEALED);
    expect(elsewhere).toThrow("Event.bytes");
    expect(elsewhere).not.toThrow("EAAsecret");
  });
});
