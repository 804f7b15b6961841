import { describe, expect, it } from "vitest";
import type { Erasure, KnownContext, MemoryWrite } from "~/store/rows";
import { DAY } from "../support/clock";
import { accepted, type Outbox, openOutbox, writeOf } from "./support/outbox";

/** A context that leads to the keys in its own words. */
function known(...leads: string[]): KnownContext {
  return { browser: JSON.stringify(leads), matchKeys: null, consent: '{"marketing":true}' };
}

const leadsTo = ({ browser }: KnownContext): string[] => JSON.parse(browser);

async function store({ store, context }: Outbox, contexts: Record<string, KnownContext>): Promise<void> {
  const writes = Object.entries(contexts).map(([key, kept]) => context({ key, checkoutToken: null, join: () => kept }));
  await store.ingest(writeOf({ contexts: writes }));
}

function erase({ store, shopId }: Outbox, over: Partial<Erasure>): Promise<unknown> {
  const erasure = { shopId, key: "a", whole: true, leadsTo, ...over };
  return store.ingest(writeOf({ erasures: [erasure] }));
}

function keys({ reader }: Outbox): string[] {
  return reader.all<{ key: string }>(`SELECT "key" FROM "BrowserContext" ORDER BY "key"`).map(({ key }) => key);
}

describe("an erasure", () => {
  it("forgets a context, all that it leads to, and what those lead to", async () => {
    const outbox = await openOutbox();
    await store(outbox, { a: known("b"), b: known("c"), c: known(), d: known("e"), e: known() });
    await erase(outbox, {});
    expect(keys(outbox)).toEqual(["d", "e"]);
  });

  it("keeps the context itself where only what hangs on it is to go", async () => {
    const outbox = await openOutbox();
    await store(outbox, { a: known("b"), b: known() });
    await erase(outbox, { whole: false });
    expect(keys(outbox)).toEqual(["a"]);
  });

  it("comes to an end where contexts lead to each other, and to what is not there", async () => {
    const outbox = await openOutbox();
    await store(outbox, { a: known("b", "a"), b: known("a", "nowhere"), c: known("a") });
    await erase(outbox, {});
    expect(keys(outbox)).toEqual(["c"]);
  });

  it("of a key that nobody knows does nothing", async () => {
    const outbox = await openOutbox();
    await store(outbox, { a: known("b"), b: known() });
    await erase(outbox, { key: "unknown" });
    expect(keys(outbox)).toEqual(["a", "b"]);
  });

  it("stays within its shop", async () => {
    const outbox = await openOutbox();
    await store(outbox, { a: known("b"), b: known() });
    await erase(outbox, { shopId: outbox.shopId + 1 });
    expect(keys(outbox)).toEqual(["a", "b"]);
  });

  it("goes by what was known before, also of what its own message brings", async () => {
    const outbox = await openOutbox();
    await store(outbox, { a: known("b"), b: known() });
    const erasure: Erasure = { shopId: outbox.shopId, key: "a", whole: true, leadsTo };
    const brought = outbox.context({ key: "a", checkoutToken: null, join: (stored) => stored ?? known() });
    await outbox.store.ingest(writeOf({ erasures: [erasure], contexts: [brought] }));
    expect(keys(outbox)).toEqual(["a"]);
    expect(outbox.reader.all(`SELECT "browser" FROM "BrowserContext"`)).toEqual([{ browser: "[]" }]);
  });
});

describe("what is remembered when an event is settled", () => {
  async function settled(toldBy: string[], contexts: Record<string, KnownContext>): Promise<string[]> {
    const outbox = await openOutbox();
    await store(outbox, contexts);
    const memory: MemoryWrite = {
      ...outbox.context({ key: "memory", checkoutToken: null, join: () => known() }),
      toldBy,
    };
    const { shopId, datasetId } = outbox;
    await outbox.ingest(outbox.purchase());
    await outbox.claim("a");
    const settlements = [accepted(1)];
    await outbox.store.settle({
      shopId,
      datasetId,
      lease: "a",
      now: DAY,
      attempts: [],
      settlements,
      contexts: [memory],
    });
    return keys(outbox);
  }

  it("is kept where nobody took consent back", async () => {
    expect(await settled(["a", "b"], { a: known(), b: known() })).toEqual(["a", "b", "memory"]);
  });

  it("is kept where only the order itself told of consent", async () => {
    expect(await settled([], {})).toEqual(["memory"]);
  });

  it("is kept where a webhook told of a checkout without any signal", async () => {
    expect(await settled(["a"], { a: { ...known(), consent: null } })).toEqual(["a", "memory"]);
    expect(await settled(["a"], { a: { ...known(), consent: "null" } })).toEqual(["a", "memory"]);
  });

  it("is dropped where what told of it is gone, or refuses by now", async () => {
    expect(await settled(["a", "b"], { a: known() })).toEqual(["a"]);
    expect(await settled(["a"], { a: { ...known(), consent: '{"marketing":false}' } })).toEqual(["a"]);
  });
});

describe("a context", () => {
  it("is answered only as far as it was heard of since", async () => {
    const outbox = await openOutbox();
    await store(outbox, { a: known() });
    const { store: asked, shopId } = outbox;
    expect(await asked.contextsOf(shopId, ["a"], DAY)).toMatchObject([{ key: "a", beacon: true }]);
    expect(await asked.contextsOf(shopId, ["a"], DAY + 1)).toEqual([]);
    expect(await asked.contextsOf(shopId, [], 0)).toEqual([]);
    expect(await asked.contextsOf(shopId + 1, ["a"], 0)).toEqual([]);
  });
});
