import { describe, expect, it } from "vitest";
import { alertsForm, withAlertsForm } from "~/settings/alert-forms";
import { hasAddress, isTold } from "~/settings/alerts";
import { DEFAULT_SETTINGS, parseSettings, type Settings } from "~/settings/settings";

function saved(sent: Record<string, string>, settings: Settings = DEFAULT_SETTINGS) {
  const form = alertsForm.safeParse(sent);
  if (!form.success) return { faults: form.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`) };
  return withAlertsForm(settings, form.data);
}

function alertsAfter(sent: Record<string, string>, settings?: Settings) {
  const result = saved(sent, settings);
  if (!("settings" in result)) throw new Error(JSON.stringify(result.faults));
  expect(parseSettings(JSON.stringify(result.settings))).toEqual(result.settings);
  return result.settings.alerts;
}

describe("the Alerts page", () => {
  it("stores addresses as they were typed, one a line or between commas", () => {
    const alerts = alertsAfter({
      mail: "staff@example.org, owner@example.org\nstaff@example.org",
      webhook: " https://hooks.example.com/a ",
    });
    expect(alerts).toMatchObject({
      mail: ["staff@example.org", "owner@example.org"],
      webhook: "https://hooks.example.com/a",
    });
    expect([hasAddress(alerts, "mail"), hasAddress(alerts, "webhook")]).toEqual([true, true]);
  });

  it("takes them away again, and leaves alone what it says nothing of", () => {
    const before = {
      ...DEFAULT_SETTINGS,
      alerts: alertsAfter({ mail: "staff@example.org", webhook: "https://hooks.example.com/" }),
    };
    expect(alertsAfter({ webhook: "" }, before)).toMatchObject({ mail: ["staff@example.org"], webhook: null });
    expect(alertsAfter({ mail: "" }, before)).toMatchObject({ mail: [], webhook: "https://hooks.example.com/" });
  });

  it("tells every kind over every channel until it is switched off", () => {
    expect(isTold(DEFAULT_SETTINGS.alerts, "dead_events", "mail")).toBe(true);
    const alerts = alertsAfter({ kinds: JSON.stringify({ dead_events: { mail: false } }) });
    expect(isTold(alerts, "dead_events", "mail")).toBe(false);
    expect(isTold(alerts, "dead_events", "webhook")).toBe(true);
    expect(isTold(alerts, "expired", "mail")).toBe(true);
  });

  it("stores only what is not as the table has it", () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      alerts: alertsAfter({ kinds: JSON.stringify({ backlog: { webhook: false, threshold: "60" } }) }),
    };
    expect(settings.alerts.kinds).toEqual({ backlog: { webhook: false, threshold: 60 } });
    expect(
      alertsAfter({ kinds: JSON.stringify({ backlog: { webhook: true, threshold: "30" } }) }, settings).kinds,
    ).toEqual({});
    expect(alertsAfter({ kinds: JSON.stringify({ backlog: { threshold: "" } }) }, settings).kinds).toEqual({
      backlog: { webhook: false },
    });
  });

  it("switches the summary of a day on by channel", () => {
    expect(alertsAfter({ daily: JSON.stringify({ mail: true }) }).daily).toEqual({ mail: true, webhook: false });
  });

  it.each([
    [{ mail: "staff@example" }, { mail: '"staff@example" is no e-mail address' }],
    [{ mail: "Staff <staff@example.org>" }, { mail: '"Staff <staff@example.org>" is no e-mail address' }],
    [
      { mail: [1, 2, 3, 4, 5, 6].map((n) => `staff${n}@example.org`).join("\n") },
      { mail: "there may be 5 at the most" },
    ],
    [{ webhook: "http://hooks.example.com/" }, { webhook: "must begin with https://" }],
    [{ webhook: "https://10.0.0.1/" }, { webhook: "must name a host, not a number" }],
    [{ webhook: "hooks" }, { webhook: "must be an address that begins with https://" }],
    [{ kinds: JSON.stringify({ backlog: { threshold: "4" } }) }, { backlog: "must be from 5 to 10,080 (minutes)" }],
    [{ kinds: JSON.stringify({ dead_events: { threshold: "many" } }) }, { dead_events: "must be a whole number" }],
    [{ kinds: JSON.stringify({ dataset_held: { threshold: "3" } }) }, { dataset_held: "has nothing to choose" }],
  ])("refuses %j and names the field", (sent, faults) => {
    expect(saved(sent as Record<string, string>)).toEqual({ faults });
  });

  it("refuses what is no form of its own", () => {
    expect(saved({ kinds: "{" })).toEqual({ faults: ["kinds must be JSON"] });
    expect(saved({ kinds: JSON.stringify({ of_tomorrow: { mail: true } }) })).toHaveProperty("faults");
  });
});
