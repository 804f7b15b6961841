import { describe, expect, it } from "vitest";
import { unknownBrowser } from "~/events/event";
import { browserAccount, keyAccount, readAccount } from "~/match-keys/key-account";
import { MATCH_KEYS } from "~/match-keys/keys";
import { COVERAGE_KEYS } from "~/store/verbs/coverage";

const EM = "a".repeat(64);
const PH = "b".repeat(64);
const VISITOR = "c".repeat(64);

function origins(account: string): Record<string, string> {
  return Object.fromEntries(
    readAccount(account).flatMap(({ key, origin, known }) =>
      origin !== null ? [[key, origin]] : known ? [[key, "known"]] : [],
    ),
  );
}

describe("the account of an event's match keys", () => {
  it("names for each key the first who told it", () => {
    const own = { keys: { em: [EM] }, browser: { ...unknownBrowser(), ip: "203.0.113.7" } };
    const checkout = { keys: { em: [EM], ph: [PH] }, browser: { ...unknownBrowser(), fbp: "fb.1.1.2" } };
    const customer = { keys: {}, browser: { ...unknownBrowser(), fbc: "fb.1.1.x" } };
    const sent = { em: [EM], ph: [PH], client_ip_address: "203.0.113.7", fbp: "fb.1.1.2", fbc: "fb.1.1.x" };
    expect(origins(keyAccount(sent, { o: own, c: checkout, m: customer }, {}))).toEqual({
      em: "o",
      ph: "c",
      client_ip_address: "o",
      fbp: "c",
      fbc: "m",
    });
  });

  it("takes a value for that of who told this one, not of who told another", () => {
    const own = { keys: {}, browser: { ...unknownBrowser(), fbc: "fb.1.1.old" } };
    const checkout = { keys: {}, browser: { ...unknownBrowser(), fbc: "fb.1.2.new" } };
    expect(origins(keyAccount({ fbc: "fb.1.2.new" }, { o: own, c: checkout }, {}))).toEqual({ fbc: "c" });
  });

  it("knows the visitor's id as an external id of whoever told of the visitor", () => {
    const own = { keys: {}, browser: { ...unknownBrowser(), clientId: "visitor-1" } };
    expect(origins(keyAccount({ external_id: [VISITOR] }, { o: own }, {}))).toEqual({ external_id: "o" });
  });

  it("marks what is known here and was not sent, and nothing that was", () => {
    const account = keyAccount(
      { em: [EM] },
      { o: { keys: { em: [EM] }, browser: unknownBrowser() } },
      { em: [EM], ph: [PH] },
    );
    expect(origins(account)).toEqual({ em: "o", ph: "known" });
  });

  it("has a letter for each key and in their order, as the counts have columns", () => {
    expect(keyAccount({}, {}, {})).toBe("-".repeat(MATCH_KEYS.length));
    expect(MATCH_KEYS.map(({ key }) => key)).toEqual([...COVERAGE_KEYS]);
  });

  it("of a browser's own copy has what the copy names", () => {
    expect(origins(browserAccount(["fbp", "em", "made_up"]))).toEqual({ em: "o", fbp: "o" });
  });

  it("that a later version wrote is read as far as it goes", () => {
    expect(readAccount("z")[0]).toEqual({ key: "em", origin: "o", known: false });
    expect(readAccount("")[0]).toEqual({ key: "em", origin: null, known: false });
  });
});
