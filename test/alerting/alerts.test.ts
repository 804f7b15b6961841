import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { webhookSecret } from "~/alerting/channels.server";
import { SIGNATURE_HEADER } from "~/alerts/signature.server";
import { order } from "../fixtures/order";
import { DATASET } from "../support/pipeline";
import { type AlertHouse, alertHouse, STAFF } from "./house";

const HOOK = "https://hooks.example.com/alerts";
const DAY_MIN = 24 * 60;

/** Meta no longer takes the token: an order finds it out. */
async function deadToken({ meta, webhook, drain, registry }: AlertHouse): Promise<void> {
  meta.setToken(DATASET, null);
  await webhook("orders/create", order());
  await drain();
  await registry.refresh();
}

async function newToken({ meta, connect, drain }: AlertHouse): Promise<void> {
  meta.setToken(DATASET, "EAAfresh");
  await connect({ token: "EAAfresh" });
  await drain();
}

/** An answer that nobody knows, until it is given up. */
async function deadEvent({ meta, webhook, drain, clock, events }: AlertHouse, id: number): Promise<void> {
  await webhook("orders/create", order({ id, checkoutToken: null }));
  const isOpen = async () => (await events()).some(({ outcome }) => outcome === "waiting");
  for (let tries = 0; tries < 20 && (await isOpen()); tries += 1) {
    meta.weather.script([{ kind: "error", code: 987_654, transient: false, count: 1 }]);
    await drain();
    clock.pass(3_600_000);
  }
}

const subjects = ({ smtp }: AlertHouse) =>
  smtp.received.map(({ headers }) => headers.subject?.split(": ").slice(1).join(": "));

describe("a dead token", () => {
  it("is told once by mail and by webhook, again when it has lasted a day, and once when it is over", async () => {
    const house = await alertHouse();
    await house.choose({ mail: [STAFF], webhook: HOOK });
    await house.look();
    expect([house.smtp.received, house.hook.calls]).toEqual([[], []]);
    await deadToken(house);
    await house.look();
    expect(subjects(house)).toEqual(["New: A dataset is on hold"]);
    expect(house.smtp.received[0]).toMatchObject({ from: "alerts@example.com", to: [STAFF] });
    expect(house.smtp.received[0]?.text).toMatch(
      /Nothing leaves for dataset 1234567890\. .+ 1 event waits\. The first can no longer be sent in 16\d hours\./,
    );
    for (let minute = 0; minute < 30; minute += 1) await house.lookAfter(1);
    expect(house.smtp.received).toHaveLength(1);
    await house.lookAfter(DAY_MIN);
    expect(subjects(house)).toEqual(["New: A dataset is on hold", "Still so: A dataset is on hold"]);
    await newToken(house);
    await house.lookAfter(9);
    expect(house.smtp.received).toHaveLength(2);
    await house.lookAfter(1);
    expect(subjects(house).at(-1)).toBe("Over: A dataset is on hold");
    await house.lookAfter(DAY_MIN);
    expect(house.hook.calls.map(({ body }) => JSON.parse(body).alerts[0].occasion)).toEqual([
      "opened",
      "lasts",
      "closed",
    ]);
    expect(house.smtp.received).toHaveLength(3);
  });

  it("is remembered by a process that starts anew: it is not told twice", async () => {
    const house = await alertHouse();
    await house.choose({ mail: [STAFF] });
    await deadToken(house);
    await house.look();
    await house.alerts.stop();
    house.clock.pass(60_000);
    await house.another().tick();
    expect(house.smtp.received).toHaveLength(1);
  });

  it("is told once, however many processes look", async () => {
    const house = await alertHouse();
    await house.choose({ mail: [STAFF], webhook: HOOK });
    await deadToken(house);
    await Promise.all([house.another(), house.another(), house.another()].map((alerts) => alerts.tick()));
    expect([house.smtp.received.length, house.hook.calls.length]).toEqual([1, 1]);
  });
});

describe("what is told", () => {
  it("in one pass leaves as one message", async () => {
    const house = await alertHouse();
    await house.choose({ mail: [STAFF], webhook: HOOK });
    await deadEvent(house, 5550007);
    await deadToken(house);
    await house.look();
    expect(subjects(house)).toEqual(["New: A dataset is on hold and 1 more"]);
    const kinds = house.hook.calls.map(({ body }) => JSON.parse(body).alerts.map(({ kind }: { kind: string }) => kind));
    expect(kinds).toEqual([["dataset_held", "dead_events"]]);
  });

  it("goes by what the shop chose: by kind and channel, and from its own threshold on", async () => {
    const house = await alertHouse();
    await house.choose({
      mail: [STAFF],
      webhook: HOOK,
      kinds: { dataset_held: { mail: false }, dead_events: { threshold: 2 } },
    });
    await deadEvent(house, 5550007);
    await deadToken(house);
    await house.look();
    expect([house.smtp.received.length, house.hook.calls.length]).toEqual([0, 1]);
    expect(JSON.parse(house.hook.calls[0]?.body ?? "").alerts).toMatchObject([{ kind: "dataset_held" }]);
  });

  it("is what Health found, too, which is looked at once an hour", async () => {
    const house = await alertHouse();
    await house.choose({ mail: [STAFF] });
    await house.look();
    for (let n = 1; n <= 20; n += 1) {
      await house.webhook("orders/create", order({ id: 5550000 + n, checkoutToken: `token${n}`, country: "AU" }));
    }
    await house.drain();
    await house.seal();
    await house.lookAfter(59);
    expect(subjects(house)).toEqual([]);
    await house.lookAfter(1);
    expect(subjects(house)).toEqual(["New: The pixel hears too few checkouts"]);
    expect(house.smtp.received[0]?.text).toContain(
      "Of 20 orders of the last 7 days the pixel told of 0, and of none in the seven weeks before: it may not be connected.",
    );
  });

  it("stands in the admin where no channel has an address, and is told to one that gets an address when it lasts", async () => {
    const house = await alertHouse();
    await deadToken(house);
    await house.look();
    expect(await house.db.alert.findMany()).toMatchObject([{ kind: "dataset_held", subject: DATASET, closedAt: null }]);
    expect(await house.db.alertMessage.count()).toBe(0);
    await house.choose({ mail: [STAFF] });
    await house.lookAfter(DAY_MIN);
    expect(subjects(house)).toEqual(["Still so: A dataset is on hold"]);
  });

  it("names no shopper, no order and no token", async () => {
    const house = await alertHouse();
    await house.choose({ mail: [STAFF], webhook: HOOK });
    await deadEvent(house, 5550007);
    await deadToken(house);
    await house.look();
    const told = JSON.stringify([
      house.smtp.received.map(({ text, headers }) => [text, headers.subject]),
      house.hook.calls,
    ]);
    const stored = JSON.stringify(
      [await house.db.alert.findMany(), await house.db.alertMessage.findMany()],
      (_, value) => (typeof value === "bigint" ? Number(value) : value),
    );
    for (const word of ["5550007", "5550001", "jordan", "Jordan", "EAA", '@example.com"']) {
      expect(told + stored + house.logged.join(), word).not.toContain(word);
    }
    expect(house.logged.join()).not.toContain(STAFF);
  });
});

describe("a webhook", () => {
  it("bears a signature of its body by the shop's own secret, which another makes worthless", async () => {
    const house = await alertHouse();
    await house.choose({ webhook: HOOK });
    await house.alerts.test(house.shop());
    const secret = webhookSecret(house.shop());
    const [{ headers, body } = { headers: {}, body: "" }] = house.hook.calls;
    expect(headers[SIGNATURE_HEADER]).toBe(createHmac("sha256", secret).update(body).digest("base64"));
    expect(headers["content-type"]).toBe("application/json");
    await house.choose({ webhookSecret: 2 });
    expect(webhookSecret(house.shop())).not.toBe(secret);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a channel that fails", () => {
  it("is tried again later with the same message under the same id, and says on the way what is in it", async () => {
    const house = await alertHouse();
    await house.choose({ mail: [STAFF], webhook: HOOK });
    house.smtp.refuse(["451 4.3.0 later", "451 4.3.0 later"]);
    house.hook.answers = [503];
    await deadToken(house);
    await house.look();
    expect([house.smtp.received.length, house.hook.calls.length]).toEqual([0, 1]);
    expect(await house.db.alertMessage.findMany({ orderBy: { channel: "asc" } })).toMatchObject([
      { channel: "mail", tries: 1, sentAt: null, fault: "The mail server refused: 451 4.3.0 later" },
      { channel: "webhook", tries: 1, sentAt: null, fault: "HTTP 503" },
    ]);
    await house.lookAfter(1);
    expect([house.smtp.received.length, house.hook.calls.length]).toEqual([0, 2]);
    expect(new Set(house.hook.calls.map(({ body }) => body)).size).toBe(1);
    await house.lookAfter(4);
    expect(house.smtp.received).toHaveLength(0);
    await house.lookAfter(1);
    expect(subjects(house)).toEqual(["New: A dataset is on hold"]);
    expect(await house.db.alertMessage.findMany({ where: { fault: { not: null } } })).toEqual([]);
  });

  it("lets what came later wait its turn, and keeps no other channel waiting", async () => {
    const house = await alertHouse();
    await house.choose({ mail: [STAFF], webhook: HOOK });
    house.smtp.refuse(Array(3).fill("451 4.3.0 later"));
    await deadToken(house);
    await house.look();
    await newToken(house);
    for (const minutes of [1, 5, 5]) await house.lookAfter(minutes);
    // It is over, and the webhook has heard of it; the mail that it began has yet to be tried a fourth time.
    expect(house.hook.calls).toHaveLength(2);
    expect(subjects(house)).toEqual([]);
    await house.lookAfter(10);
    expect(subjects(house)).toEqual(["New: A dataset is on hold", "Over: A dataset is on hold"]);
  });

  it("is given up after three days, and the last word on it stays", async () => {
    const house = await alertHouse();
    await house.choose({ webhook: HOOK });
    house.hook.answers = Array(100).fill(500);
    await deadToken(house);
    await house.look();
    for (let hour = 0; hour < 80; hour += 1) await house.lookAfter(60);
    const [first] = await house.db.alertMessage.findMany({ orderBy: { id: "asc" } });
    expect(first).toMatchObject({ runAt: null, sentAt: null, fault: "HTTP 500" });
  });

  it("that was taken away while something waited for it forgets that", async () => {
    const house = await alertHouse();
    await house.choose({ webhook: HOOK });
    house.hook.answers = [500];
    await deadToken(house);
    await house.look();
    await house.choose({ webhook: null });
    await house.lookAfter(5);
    expect(house.hook.calls).toHaveLength(1);
    expect(await house.db.alertMessage.findMany()).toMatchObject([{ runAt: null }]);
  });

  it("keeps of what is over the last message only", async () => {
    const house = await alertHouse();
    await house.choose({ webhook: HOOK });
    await deadToken(house);
    for (let day = 0; day < 4; day += 1) await house.lookAfter(DAY_MIN);
    expect(house.hook.calls.length).toBeGreaterThan(2);
    expect(await house.db.alertMessage.count()).toBe(1);
  });
});

describe("the summary of a day", () => {
  it("is sent once a day from seven in the morning on, by whichever channel wants it, with the ledger's head", async () => {
    const house = await alertHouse({ headOf: async () => "ab12" });
    await house.choose({ mail: [STAFF], webhook: HOOK, daily: { mail: true, webhook: false } });
    await house.webhook("orders/create", order());
    await house.drain();
    // 20 November, 10:00 UTC: of yesterday there is nothing to tell but that.
    await house.look();
    expect(subjects(house)).toEqual(["Daily summary, 2026-11-19"]);
    await house.lookAfter(20 * 60);
    expect(house.smtp.received).toHaveLength(1);
    await house.lookAfter(60);
    await house.lookAfter(60);
    expect(subjects(house)).toEqual(["Daily summary, 2026-11-19", "Daily summary, 2026-11-20"]);
    expect(house.smtp.received[1]?.text).toContain("accepted: 1\nHead of the ledger: ab12");
    expect(house.hook.calls).toEqual([]);
    await house.another().tick();
    expect(house.smtp.received).toHaveLength(2);
  });
});

describe("a test", () => {
  it("tries each channel that has an address and says what came of it", async () => {
    const house = await alertHouse();
    expect(await house.alerts.test(house.shop())).toEqual([]);
    await house.choose({ mail: [STAFF], webhook: HOOK });
    house.hook.answers = [404];
    expect(await house.alerts.test(house.shop())).toEqual([
      { channel: "mail", sent: { ok: true, says: "250 2.0.0 taken as 1" } },
      { channel: "webhook", sent: { ok: false, says: "HTTP 404" } },
    ]);
    expect(house.smtp.received[0]?.text).toContain("Nothing is wrong.");
  });

  it("says so where no mail server is set up", async () => {
    const house = await alertHouse({});
    const { merchants } = {
      merchants: { post: async () => ({ kind: "failed" as const }), close: async () => undefined },
    };
    const without = house.another({ outgoing: { mail: null, merchants } });
    await house.choose({ mail: [STAFF], webhook: HOOK });
    expect(await without.test(house.shop())).toEqual([
      {
        channel: "mail",
        sent: { ok: false, says: "No mail server is set up: whoever runs Tandem sets SMTP_URL." },
      },
      { channel: "webhook", sent: { ok: false, says: "Nobody answered at the address." } },
    ]);
  });
});

describe("a look", () => {
  it("that cannot read one shop's numbers goes on with the others and never rejects", async () => {
    const house = await alertHouse({
      sweepFound: async () => {
        throw new Error("no answer");
      },
    });
    await house.look();
    expect(house.logged.join()).toContain("alerts.failed");
  });

  it("tells of nothing of a shop that has removed the app", async () => {
    const house = await alertHouse();
    await house.choose({ mail: [STAFF] });
    await deadToken(house);
    const { id, domain } = house.shop();
    await house.store.uninstallShop(id, domain, house.clock.now(), house.clock.now());
    await house.look();
    expect(house.smtp.received).toEqual([]);
  });
});
