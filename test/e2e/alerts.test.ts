import { expect, it } from "vitest";
import { closing } from "../server/stand-ins";
import { startSmtp } from "../simulators/smtp/server";
import { fits } from "./fits";
import { openPlay } from "./play";

const PATIENCE = { timeout: 20_000, interval: 100 };

it("alerts: the merchant says who is told, tries it out, and reads what is the matter, in Chromium", async () => {
  const smtp = closing(await startSmtp());
  const env = { SMTP_URL: `smtp://${smtp.host}`, ALERT_FROM: "Tandem <alerts@example.com>" };
  const { stage, merchant } = await openPlay({ holdSeconds: 0, env });
  const { page, app, faults } = await merchant(375);
  const address = `${stage.shopify.adminUrl}/alerts`;
  await page.goto(address);
  await app.getByText("Nothing is the matter.").waitFor();
  expect(await app.getByRole("button", { name: "Send a test alert" }).isDisabled()).toBe(true);

  await app.getByLabel("E-mail addresses").fill("staff@example");
  await app.getByLabel("Webhook address").fill("http://hooks.example.com");
  await app.getByRole("group", { name: "Events wait for long" }).getByLabel("Told from").fill("2");
  await app.getByRole("button", { name: "Save" }).click();
  await app.getByText('"staff@example" is no e-mail address').waitFor();
  await app.getByText("must begin with https://").waitFor();
  await app.getByText("must be from 5 to 10,080 (minutes)").waitFor();
  await fits(page, "alerts-faults");

  await app.getByLabel("E-mail addresses").fill("staff@example.org");
  await app.getByLabel("Webhook address").fill("");
  await app.getByRole("group", { name: "Events wait for long" }).getByLabel("Told from").fill("60");
  await app.getByRole("group", { name: "Daily summary" }).getByLabel("E-mail").click();
  await app.getByRole("button", { name: "Save" }).click();
  await app.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
  const stored = async () => JSON.parse((await stage.db.shop.findFirst())?.settings ?? "{}").alerts;
  await expect.poll(stored, PATIENCE).toMatchObject({
    mail: ["staff@example.org"],
    webhook: null,
    daily: { mail: true, webhook: false },
    kinds: { backlog: { threshold: 60 } },
  });

  await app.getByRole("button", { name: "Send a test alert" }).click();
  await app.getByText(/^E-mail: sent\. 250 2\.0\.0 taken as \d+$/).waitFor();
  const tests = () => smtp.received.filter(({ headers }) => headers.subject?.includes("Test alert"));
  expect(tests()).toMatchObject([{ to: ["staff@example.org"] }]);
  smtp.refuse(["550 5.7.1 not from you"]);
  await app.getByRole("button", { name: "Send a test alert" }).click();
  await app.getByText("E-mail: not sent. The mail server refused: 550 5.7.1 not from you").waitFor();

  await app.getByRole("button", { name: "Show the secret" }).click();
  const secret = app.getByRole("region", { name: "The webhook's secret" });
  const first = await secret.innerText();
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  await app.getByRole("button", { name: "Make a new secret" }).click();
  await expect.poll(() => secret.innerText(), PATIENCE).not.toBe(first);

  await stage.db.alert.create({
    data: {
      shopId: (await stage.db.shop.findFirstOrThrow()).id,
      kind: "dead_events",
      subject: "",
      measure: 3,
      toldMeasure: 3,
      says: "3 events ended as dead in the last day.",
      ...{ openedAt: BigInt(Date.now()), seenAt: BigInt(Date.now()), toldAt: BigInt(Date.now()) },
    },
  });
  for (const path of ["/alerts", ""]) {
    await page.goto(stage.shopify.adminUrl + path);
    await app.getByText("3 events ended as dead in the last day.").waitFor();
    await fits(page, `alerts-open${path.replace("/", "-")}`);
  }
  await app.getByRole("link", { name: "Events were given up: go there" }).click();
  await app.getByText("Refused or given up, by cause").waitFor();
  expect(faults).toEqual([]);
}, 120_000);
