import { expect, it } from "vitest";
import { startSmtp } from "../simulators/smtp/server";
import { DATASET, SHOP } from "../support/pipeline";
import { connectShop, freshHouse, launcher, read, startNode, startServer, until } from "./processes";
import { closing } from "./stand-ins";

const PASSWORD = "s3cret-of-the-operator";
const SETTINGS = { version: 2, alerts: { mail: ["staff@example.org"] } };

it("a server mails what is the matter, and says its mail server's password nowhere", async () => {
  const smtp = closing(await startSmtp({ account: { user: "tandem", pass: PASSWORD } }));
  const house = freshHouse({
    SMTP_URL: `smtp://tandem:${PASSWORD}@${smtp.host}`,
    ALERT_FROM: "Tandem <alerts@example.com>",
    LOG_LEVEL: "trace",
  });
  await connectShop(house);
  await read(house, async (db) => {
    await db.shop.update({ where: { domain: SHOP }, data: { settings: JSON.stringify(SETTINGS) } });
    await db.dataset.updateMany({ data: { heldReason: "meta_190_463", heldAt: BigInt(Date.now()) } });
  });
  const server = await startServer(house);
  await until(() => smtp.received.length > 0, "a mail has arrived");
  expect(smtp.received).toMatchObject([{ from: "alerts@example.com", to: ["staff@example.org"], signedIn: "tandem" }]);
  expect(smtp.received[0]?.text).toContain(`Nothing leaves for dataset ${DATASET}.`);
  await until(() => server.stdout().includes("alert.sent"), "it is written down that the mail was taken");
  server.kill("SIGTERM");
  expect(await server.exited).toEqual({ code: 0, signal: null });
  const words = server.stdout() + server.stderr();
  expect(words).not.toContain(PASSWORD);
  expect(words).not.toContain("staff@example.org");
  expect(smtp.received).toHaveLength(1);
});

it("a mail server that says nothing keeps no server from starting, delivering or stopping", async () => {
  const smtp = closing(await startSmtp());
  smtp.hang(true);
  const house = freshHouse({ SMTP_URL: `smtp://${smtp.host}`, ALERT_FROM: "alerts@example.com" });
  await connectShop(house);
  await read(house, async (db) => {
    await db.shop.update({ where: { domain: SHOP }, data: { settings: JSON.stringify(SETTINGS) } });
    await db.dataset.updateMany({ data: { heldReason: "meta_190_463", heldAt: BigInt(Date.now()) } });
  });
  const server = await startServer(house);
  const lease = () => read(house, (db) => db.serverLease.findFirst({ where: { name: "server" } }));
  await until(
    () => read(house, (db) => db.alertMessage.findFirst()).then((row) => (row !== null && row.tries > 0) || undefined),
    "the mail server is being asked",
  );
  const before = (await lease())?.until ?? 0n;
  await until(async () => ((await lease())?.until ?? 0n) > before, "its duties go on", 4_000);
  server.kill("SIGTERM");
  expect(await server.exited).toEqual({ code: 0, signal: null });
});

it.each([
  [{ SMTP_URL: `https://tandem:${PASSWORD}@mail.example.com` }, "SMTP_URL must look like smtps://"],
  [{ SMTP_URL: `smtp://tandem:${PASSWORD}@mail.example.com/?tls.rejectUnauthorized=false` }, "SMTP_URL must look like"],
  [{ SMTP_URL: `tandem ${PASSWORD}` }, "SMTP_URL must look like"],
  [{ SMTP_URL: `smtp://tandem:${PASSWORD}@mail.example.com` }, "ALERT_FROM is required with SMTP_URL"],
  [{ SMTP_URL: "smtp://mail.example.com", ALERT_FROM: "Tandem" }, "ALERT_FROM must be an e-mail address"],
])("a server does not start with %j: it names the variable, and never its value", async (over, says) => {
  const started = startNode([launcher("start")], freshHouse(over).env);
  const { code } = await started.exited;
  expect(code).toBe(1);
  expect(started.stderr()).toContain(says);
  expect(started.stderr()).not.toContain(PASSWORD);
});
