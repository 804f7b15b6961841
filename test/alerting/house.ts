import { createServer } from "node:http";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { type Alerts, type AlertsDeps, openAlerts } from "~/alerting/alerts.server";
import { openMail } from "~/outgoing/mail.server";
import { openMerchantPost } from "~/outgoing/merchant-post.server";
import type { AlertSettings } from "~/settings/alerts";
import { listening } from "../http/open-front";
import { reaching } from "../outgoing/reaching";
import { closing } from "../server/stand-ins";
import { type SmtpStandIn, startSmtp } from "../simulators/smtp/server";
import { type TestPipeline, testPipeline } from "../support/pipeline";
import { settle } from "../support/settings";

/** What a merchant's webhook got. */
export interface Hook {
  calls: { headers: Record<string, unknown>; body: string }[];
  /** Its next answers; 200 when there is none. */
  answers: number[];
}

/** A shop whose alerts go somewhere. */
export interface AlertHouse extends TestPipeline {
  smtp: SmtpStandIn;
  hook: Hook;
  alerts: Alerts;
  logged: string[];
  /** One whole look, and all that it tells. */
  look(): Promise<void>;
  /** The same after so many minutes. */
  lookAfter(minutes: number): Promise<void>;
  choose(chosen: Partial<AlertSettings>): Promise<void>;
  /** Another process on the same store. */
  another(over?: Partial<AlertsDeps>): Alerts;
}

export const STAFF = "staff@example.org";

export async function alertHouse(over: Partial<AlertsDeps> = {}): Promise<AlertHouse> {
  const pipeline = await testPipeline();
  const { store, db, registry, clock } = pipeline;
  const smtp = closing(await startSmtp());
  const hook: Hook = { calls: [], answers: [] };
  const port = await hookServer(hook);
  const merchants = closing(openMerchantPost(reaching(port)));
  const mail = openMail({ url: `smtp://${smtp.host}`, from: "Tandem <alerts@example.com>" });
  const logged: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void logged.push(line) });
  const another = (more: Partial<AlertsDeps> = {}) =>
    openAlerts({
      store,
      db,
      registry,
      outgoing: { mail, merchants },
      log,
      now: clock.now,
      random: () => 0,
      ...over,
      ...more,
    });
  const alerts = another();
  onTestFinished(() => alerts.stop());
  const house: AlertHouse = {
    ...pipeline,
    smtp,
    hook,
    alerts,
    logged,
    another,
    look: async () => {
      await registry.refresh();
      await alerts.tick();
    },
    lookAfter: async (minutes) => {
      clock.pass(minutes * 60_000);
      await house.look();
    },
    choose: (chosen) => settle(pipeline, (settings) => ({ ...settings, alerts: { ...settings.alerts, ...chosen } })),
  };
  return house;
}

async function hookServer(hook: Hook): Promise<number> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      hook.calls.push({ headers: request.headers, body });
      response.writeHead(hook.answers.shift() ?? 200).end("thanks");
    });
  });
  return Number(new URL(await listening(server)).port);
}
