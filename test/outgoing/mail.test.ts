import { describe, expect, it } from "vitest";
import { openMail } from "~/outgoing/mail.server";
import { closing } from "../server/stand-ins";
import { startSmtp } from "../simulators/smtp/server";

const FROM = "Tandem <alerts@example.com>";
const LETTER = {
  to: ["staff@example.org", "owner@example.org"],
  subject: "[Tandem] Überfällig",
  text: "Zwei Ereignisse warten – schon lange.\n\nA line that begins with a dot:\n.\n",
  id: "alert.1.7",
};
const ACCOUNT = { user: "tandem@example.com", pass: "s3cret:/word" };
const urlOf = (host: string, pass = ACCOUNT.pass) =>
  `smtp://${encodeURIComponent(ACCOUNT.user)}:${encodeURIComponent(pass)}@${host}`;

describe("a letter", () => {
  it("arrives as it was written, at everybody it is for, under the same id on every try", async () => {
    const smtp = closing(await startSmtp());
    const mail = openMail({ url: `smtp://${smtp.host}`, from: FROM });
    expect(await mail.send(LETTER)).toEqual({ ok: true, says: "250 2.0.0 taken as 1" });
    expect(await mail.send(LETTER)).toMatchObject({ ok: true });
    expect(smtp.received).toHaveLength(2);
    expect(smtp.received[0]).toMatchObject({ from: "alerts@example.com", to: LETTER.to, signedIn: null });
    expect(smtp.received[0]?.text.trim()).toBe(LETTER.text.trim());
    expect(smtp.received.map(({ headers }) => headers["message-id"])).toEqual(Array(2).fill("<alert.1.7@example.com>"));
    expect(smtp.received[0]?.headers).toMatchObject({ from: FROM, "auto-submitted": "auto-generated" });
  });

  it("is handed over by whoever signed in, where the server wants that", async () => {
    const smtp = closing(await startSmtp({ account: ACCOUNT }));
    expect(await openMail({ url: urlOf(smtp.host), from: FROM }).send(LETTER)).toMatchObject({ ok: true });
    expect(smtp.received).toMatchObject([{ signedIn: ACCOUNT.user }]);
  });

  it("that the server refuses comes back in the server's words", async () => {
    const smtp = closing(await startSmtp());
    smtp.refuse(["550 5.7.1 not from you"]);
    expect(await openMail({ url: `smtp://${smtp.host}`, from: FROM }).send(LETTER)).toEqual({
      ok: false,
      says: "The mail server refused: 550 5.7.1 not from you",
    });
  });

  it("never tells the name or the password that the server was asked with, whatever the server says of them", async () => {
    const smtp = closing(await startSmtp({ account: ACCOUNT }));
    const wrong = await openMail({ url: urlOf(smtp.host, "wr0ng"), from: FROM }).send(LETTER);
    expect(wrong).toMatchObject({ ok: false, says: expect.stringContaining("did not take the name or the password") });
    expect(wrong.says).not.toMatch(/wr0ng|tandem@/);
    smtp.refuse([`554 5.7.0 ${ACCOUNT.user} with ${ACCOUNT.pass} may not`]);
    const refused = await openMail({ url: urlOf(smtp.host), from: FROM }).send(LETTER);
    expect(refused.says).toBe("The mail server refused: 554 5.7.0 … with … may not");
  });

  it("to a server that is not there is answered without a word of where it is", async () => {
    const smtp = await startSmtp();
    await smtp.close();
    expect(await openMail({ url: `smtp://${smtp.host}`, from: FROM }).send(LETTER)).toEqual({
      ok: false,
      says: "The mail server could not be reached, or did not answer in time.",
    });
  });

  it("with a password does not cross a network in the clear", async () => {
    const smtp = closing(await startSmtp({ account: ACCOUNT }));
    // The same machine, spelled so that it is not known to be it.
    const elsewhere = urlOf(smtp.host.replace("127.0.0.1", "[::ffff:127.0.0.1]"));
    expect(await openMail({ url: elsewhere, from: FROM }).send(LETTER)).toEqual({
      ok: false,
      says: "The mail server offers no safe connection: whoever runs Tandem must look at SMTP_URL.",
    });
    expect(smtp.received).toEqual([]);
  });
});
