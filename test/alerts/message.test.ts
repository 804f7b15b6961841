import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { nextTry } from "~/alerts/channels";
import { type MessageBody, mailOf, parseBody, TEST_BODY, webhookOf } from "~/alerts/message";
import { SIGNATURE_HEADER, signatureOf } from "~/alerts/signature.server";
import { DAY } from "../support/clock";

const ENVELOPE = { id: "alert.1.7", shop: "example-shop.myshopify.com", at: DAY };
const telling = (over: Partial<MessageBody["tellings"][number]> = {}) => ({
  kind: "dead_events" as const,
  subject: "",
  occasion: "opened" as const,
  says: "3 events ended as dead in the last day.",
  measure: 3,
  openedAt: DAY,
  ...over,
});
const body = (over: Partial<MessageBody>): MessageBody => ({ tellings: [], daily: null, test: false, ...over });

describe("a mail", () => {
  it("says what is the matter, what it means and what to do", () => {
    const { subject, text } = mailOf(body({ tellings: [telling()] }), ENVELOPE);
    expect(subject).toBe("[Tandem] example-shop.myshopify.com: New: Events were given up");
    expect(text).toContain("3 events ended as dead in the last day.\nSince 2026-11-20T10:00:00.000Z.");
    expect(text).toMatch(/What it means: .+\nWhat to do: .+replay/);
  });

  it("tells of everything that one look found", () => {
    const held = telling({ kind: "dataset_held", subject: "4711", says: "Nothing leaves for dataset 4711." });
    const { subject, text } = mailOf(body({ tellings: [telling(), held, telling({ kind: "expired" })] }), ENVELOPE);
    expect(subject).toContain("Events were given up and 2 more");
    expect(text).toContain("dataset 4711");
  });

  it("says that an alert is over without telling what to do about it", () => {
    const { subject, text } = mailOf(body({ tellings: [telling({ occasion: "closed" })] }), ENVELOPE);
    expect(subject).toContain("Over: Events were given up");
    expect(text).not.toContain("What to do");
  });

  it("of a day has its counts, and the ledger's head where there is one", () => {
    const daily = { day: "2026-11-19", counts: { accepted: 1_200, dead: 3 }, head: "ab12" };
    const { subject, text } = mailOf(body({ daily }), ENVELOPE);
    expect(subject).toContain("Daily summary, 2026-11-19");
    expect(text).toContain("1,203 events of the day");
    expect(text).toContain("accepted: 1,200\ndead: 3\nHead of the ledger: ab12");
    expect(mailOf(body({ daily: { ...daily, head: null } }), ENVELOPE).text).not.toContain("ledger");
  });

  it("of a test says that nothing is wrong", () => {
    expect(mailOf(TEST_BODY, ENVELOPE)).toMatchObject({
      subject: "[Tandem] example-shop.myshopify.com: Test alert",
      text: expect.stringContaining("Nothing is wrong."),
    });
  });
});

describe("a webhook", () => {
  it("has the same in fields, under an id that is the same on every try", () => {
    const held = telling({ kind: "dataset_held", subject: "4711" });
    const rejected = telling({ kind: "rejected_share", measure: 7 });
    expect(JSON.parse(webhookOf(body({ tellings: [held, rejected] }), ENVELOPE))).toMatchObject({
      version: 1,
      id: "alert.1.7",
      shop: "example-shop.myshopify.com",
      at: "2026-11-20T10:00:00.000Z",
      test: false,
      alerts: [
        { kind: "dataset_held", occasion: "opened", dataset: "4711", unit: null },
        { kind: "rejected_share", dataset: null, measure: 7, unit: "% of a day's events" },
      ],
      daily: null,
    });
  });

  it("bears a signature that a receiver can make by the words of docs/alerts.md", () => {
    const text = webhookOf(body({ tellings: [telling()] }), ENVELOPE);
    expect(SIGNATURE_HEADER).toBe("x-tandem-hmac-sha256");
    expect(signatureOf(text, "secret")).toBe(createHmac("sha256", "secret").update(Buffer.from(text)).digest("base64"));
    expect(signatureOf(`${text} `, "secret")).not.toBe(signatureOf(text, "secret"));
  });
});

describe("what waits to be sent", () => {
  it("is read back as it was stored, and refused where it is of a version to come", () => {
    const whole = body({ tellings: [telling()], daily: { day: "2026-11-19", counts: { dead: 1 }, head: null } });
    expect(parseBody(JSON.stringify(whole))).toEqual(whole);
    expect(() =>
      parseBody(JSON.stringify(body({ tellings: [{ ...telling(), kind: "of_tomorrow" as never }] }))),
    ).toThrow();
  });

  it("is tried again after 1, 5 and 15 minutes, an hour, then every 6 hours, and given up after three days", () => {
    const waits = [1, 2, 3, 4, 5, 6, 20].map((tries) => ((nextTry(tries, DAY, DAY, () => 0) ?? 0) - DAY) / 60_000);
    expect(waits).toEqual([1, 5, 15, 60, 360, 360, 360]);
    expect(nextTry(1, DAY, DAY, () => 1)).toBe(DAY + 72_000);
    expect(nextTry(9, DAY, DAY + 3 * 24 * 3_600_000 - 1)).not.toBeNull();
    expect(nextTry(9, DAY, DAY + 3 * 24 * 3_600_000)).toBeNull();
  });
});
