import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Card, Page, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { webhookSecret } from "../alerting/channels.server";
import { channelStatesOf, openAlertsOf } from "../alerting/state.server";
import { CHANNEL_NAMES, type Channel } from "../alerts/channels";
import { type AlertKind, thresholdOf } from "../alerts/kinds";
import { ChannelState } from "../components/alert/channel-state";
import { type KindChoice, Kinds, Ways } from "../components/alert/kinds";
import { OpenAlerts } from "../components/alert/open";
import { WebhookSecret } from "../components/alert/secret";
import { TryOut, type TryOutAnswer } from "../components/alert/try-out";
import { PageFault } from "../components/page-fault";
import { Unsaved } from "../components/unsaved";
import { tooSoon } from "../http/merchant-rates.server";
import { running } from "../running.server";
import { alertsForm, withAlertsForm } from "../settings/alert-forms";
import { hasAddress, isTold } from "../settings/alerts";
import { type SaveAnswer, saveForm } from "../settings/save-form.server";
import { parseSettings } from "../settings/settings";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Alerts – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, outgoing } = running();
  const [open, states] = await Promise.all([openAlertsOf(db, shop.id), channelStatesOf(db, shop.id)]);
  return {
    open,
    states,
    settings: shop.settings.alerts,
    mailServer: outgoing.mail !== null,
    timezone: shop.timezone,
  };
}

/** Saves what was touched; or tries the channels out, shows the webhook's secret, makes a new one. */
export async function action({ request }: ActionFunctionArgs): Promise<SaveAnswer | TryOutAnswer | { secret: string }> {
  const { shop } = await authenticatedShop(request);
  const { store, alerts, registry, now } = running();
  const { intent, ...sent } = Object.fromEntries(await request.formData());
  switch (intent) {
    case "test": {
      const soon = tooSoon("testAlert", shop.domain, now());
      if (soon !== null) return { soon, tried: [] };
      const tried = await alerts.test(shop);
      return { soon: null, tried: tried.map(({ channel, sent: { ok, says } }) => ({ channel, ok, says })) };
    }
    case "renew":
      await store.changeSettings(shop.id, (stored) => {
        const settings = parseSettings(stored);
        const webhookSecretNow = settings.alerts.webhookSecret + 1;
        return JSON.stringify({ ...settings, alerts: { ...settings.alerts, webhookSecret: webhookSecretNow } });
      });
      await registry.refresh();
      return { secret: webhookSecret(registry.shop(shop.domain) ?? shop) };
    case "secret":
      return { secret: webhookSecret(shop) };
    default:
      return saveForm(sent, alertsForm, withAlertsForm, { shop, store });
  }
}

interface Changes {
  mail?: string;
  webhook?: string;
  daily?: Partial<Record<Channel, boolean>>;
  kinds?: Partial<Record<AlertKind, Partial<KindChoice>>>;
}

export default function AlertsPage() {
  const { open, states, settings, mailServer, timezone } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<SaveAnswer>();
  // Only what this merchant changed: somebody else may change the rest meanwhile.
  const [changes, setChanges] = useState<Changes>({});
  const faults = fetcher.data?.faults ?? {};
  // Not before the page has what was saved: the old would show for a moment.
  useEffect(() => {
    if (fetcher.state === "idle" && fetcher.data?.saved) setChanges({});
  }, [fetcher.state, fetcher.data]);
  const chosen = (kind: AlertKind): KindChoice => ({
    mail: isTold(settings, kind, "mail"),
    webhook: isTold(settings, kind, "webhook"),
    threshold: String(settings.kinds[kind]?.threshold ?? thresholdOf(kind)?.default ?? ""),
    ...changes.kinds?.[kind],
  });
  const choose = (kind: AlertKind, changed: Partial<KindChoice>) =>
    setChanges({ ...changes, kinds: { ...changes.kinds, [kind]: { ...changes.kinds?.[kind], ...changed } } });
  const stateOf = (channel: Channel) => states.find((state) => state.channel === channel);
  const [mailState, webhookState] = [stateOf("mail"), stateOf("webhook")];
  return (
    <Page title="Alerts" subtitle="What needs a person, and who is told of it.">
      <Unsaved
        id="alerts"
        open={Object.keys(changes).length > 0}
        saving={fetcher.state !== "idle"}
        save={() => fetcher.submit(formOf(changes), { method: "post" })}
        discard={() => setChanges({})}
      />
      <BlockStack gap="400">
        {Object.keys(faults).length === 0 ? null : <Banner tone="critical" title="Nothing was saved: see below." />}
        {open.length === 0 ? (
          <Banner tone="success" title="Nothing is the matter." />
        ) : (
          <OpenAlerts alerts={open} timezone={timezone} />
        )}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Who is told
            </Text>
            <TextField
              label="E-mail addresses"
              value={changes.mail ?? settings.mail.join("\n")}
              onChange={(mail) => setChanges({ ...changes, mail })}
              error={faults.mail ?? false}
              helpText={
                mailServer
                  ? "One a line, 5 at the most."
                  : "No mail server is set up: whoever runs Tandem sets SMTP_URL. Until then no mail is sent."
              }
              multiline={2}
              autoComplete="off"
            />
            {mailState === undefined || settings.mail.length === 0 ? null : (
              <ChannelState state={mailState} timezone={timezone} />
            )}
            <TextField
              label="Webhook address"
              value={changes.webhook ?? settings.webhook ?? ""}
              onChange={(webhook) => setChanges({ ...changes, webhook })}
              error={faults.webhook ?? false}
              helpText="Begins with https://. Gets a POST with JSON."
              type="url"
              autoComplete="off"
            />
            {webhookState === undefined || settings.webhook === null ? null : (
              <ChannelState state={webhookState} timezone={timezone} />
            )}
            <WebhookSecret />
            <TryOut action="/app/alerts" ready={CHANNEL_NAMES.some((channel) => hasAddress(settings, channel))} />
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="400">
            <BlockStack gap="100">
              <Text as="h2" variant="headingMd">
                What is told
              </Text>
              <Text as="p" tone="subdued">
                Each once when it begins, again when it lasts a day or is ten times as bad, and once when it is over.
                What comes together leaves as one message. The admin shows all of it, whatever is chosen here.
              </Text>
            </BlockStack>
            <Kinds chosen={chosen} choose={choose} faults={faults} />
          </BlockStack>
        </Card>
        <Card>
          <fieldset aria-label="Daily summary" style={{ border: 0, margin: 0, padding: 0 }}>
            <BlockStack gap="200">
              <Text as="h2" variant="headingMd">
                Daily summary
              </Text>
              <Text as="p" tone="subdued">
                Each morning the numbers of the day before, whether or not anything is the matter.
              </Text>
              <Ways
                choice={{ ...settings.daily, ...changes.daily }}
                choose={(daily) => setChanges({ ...changes, daily: { ...changes.daily, ...daily } })}
              />
            </BlockStack>
          </fieldset>
        </Card>
      </BlockStack>
    </Page>
  );
}

function formOf({ mail, webhook, daily, kinds }: Changes): Record<string, string> {
  return {
    ...(mail !== undefined && { mail }),
    ...(webhook !== undefined && { webhook }),
    ...(daily !== undefined && { daily: JSON.stringify(daily) }),
    ...(kinds !== undefined && { kinds: JSON.stringify(kinds) }),
  };
}

export const ErrorBoundary = PageFault;
