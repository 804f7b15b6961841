import { describe, expect, it } from "vitest";
import { recognised } from "~/match-keys/recognise";

const EM = "a".repeat(64);
const PH = "b".repeat(64);
const CUSTOMER = "c".repeat(64);
const OTHER = "d".repeat(64);

describe("who shops in a browser", () => {
  it("is who an earlier checkout in it said, where the event names nobody", () => {
    expect(recognised({}, { em: [EM], ph: [PH] })).toEqual({ em: [EM], ph: [PH] });
  });

  it("is the same where the event names them too", () => {
    expect(recognised({ external_id: [CUSTOMER] }, { external_id: [CUSTOMER], ph: [PH] })).toEqual({
      external_id: [CUSTOMER],
      ph: [PH],
    });
  });

  it.each([
    ["e-mail", { em: [OTHER] }],
    ["phone", { ph: [OTHER] }],
    ["customer", { external_id: [OTHER] }],
  ])("is not taken for somebody the event tells otherwise, by %s", (_by, own) => {
    expect(recognised(own, { em: [EM], ph: [PH], external_id: [CUSTOMER] })).toEqual({});
  });

  it("is nobody where several customers bought at one device", () => {
    expect(recognised({}, { em: [EM], external_id: [CUSTOMER, OTHER] })).toEqual({});
  });
});
