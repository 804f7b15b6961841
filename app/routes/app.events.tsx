import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { SaveBar } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Box, Card, Checkbox, InlineGrid, InlineStack, Page, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { z } from "zod";
import { Instant } from "../components/instant";
import { PageFault } from "../components/page-fault";
import { CATALOG, LEGS, type Leg } from "../events/catalog";
import { EVENT_NAMES, type EventName, PIXEL_NAMES } from "../events/names";
import { running } from "../running.server";
import { isOn, parseSettings, type ToggleChanges, toggleChanges, withToggles } from "../settings/settings";
import { authenticatedShop } from "../shopify.server";

type Toggles = Record<EventName, Record<Leg, boolean>>;

export const meta = () => [{ title: "Events – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const toggles = Object.fromEntries(
    EVENT_NAMES.map((name) => [
      name,
      Object.fromEntries(LEGS.map((leg) => [leg, isOn(shop.settings, name, leg)])) as Record<Leg, boolean>,
    ]),
  ) as Toggles;
  const { acceptedAt, fault } = shop.webPixel;
  return {
    toggles,
    timezone: shop.timezone,
    pixel: { current: running().pixels.isCurrent(shop), acceptedAt, fault },
  };
}

const submitted = z.object({
  toggles: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(toggleChanges),
});

/** Saves the matrix, where any, and tells Shopify's pixel; sent without one, it only tells the pixel again. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, graphql } = await authenticatedShop(request);
  const { store, pixels } = running();
  const form = Object.fromEntries(await request.formData());
  if (form.toggles !== undefined) {
    const parsed = submitted.safeParse(form);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { fault: `Nothing was saved: ${issue?.path.join(".")} ${issue?.message}.`, saved: false };
    }
    const { toggles } = parsed.data;
    await store.changeSettings(shop.id, (stored) => JSON.stringify(withToggles(parseSettings(stored), toggles)));
  }
  await pixels.sync(shop.domain, graphql);
  return { fault: null, saved: form.toggles !== undefined };
}

export default function EventsPage() {
  const { toggles: saved, pixel, timezone } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  // Only what this merchant changed: somebody else may change other events meanwhile.
  const [changes, setChanges] = useState<ToggleChanges>({});
  const saving = fetcher.state !== "idle";
  const isNowOn = (name: EventName, leg: Leg) => changes[name]?.[leg] ?? saved[name][leg];
  const dirty = EVENT_NAMES.some((name) => LEGS.some((leg) => isNowOn(name, leg) !== saved[name][leg]));
  const save = () => fetcher.submit({ toggles: JSON.stringify(changes) }, { method: "post" });
  useEffect(() => {
    if (fetcher.data?.saved) setChanges({});
  }, [fetcher.data]);
  const again = () => fetcher.submit({}, { method: "post" });
  return (
    <Page
      title="Events"
      subtitle="Which events leave, and from where. Both legs of an event share one id, so Meta counts it once."
    >
      <SaveBar id="events" open={dirty}>
        <button type="button" variant="primary" onClick={save} {...(saving && { loading: "" })} disabled={saving}>
          Save
        </button>
        <button type="button" onClick={() => setChanges({})} disabled={saving}>
          Discard
        </button>
      </SaveBar>
      <BlockStack gap="400">
        {fetcher.data?.fault ? <Banner tone="critical" title={fetcher.data.fault} /> : null}
        <PixelState pixel={pixel} timezone={timezone} again={again} busy={saving} />
        <Card>
          <BlockStack gap="400">
            {EVENT_NAMES.map((name) => (
              <EventRow
                key={name}
                name={name}
                legs={{ browser: isNowOn(name, "browser"), server: isNowOn(name, "server") }}
                flip={(leg, on) => setChanges({ ...changes, [name]: { ...changes[name], [leg]: on } })}
              />
            ))}
          </BlockStack>
        </Card>
        <Box paddingInline={{ xs: "400", sm: "0" }} paddingBlockEnd="400">
          <Text as="p" tone="subdued">
            A server leg switches within a second. A browser leg switches on a shopper's next page, once Shopify has
            taken the pixel's new settings.
          </Text>
        </Box>
      </BlockStack>
    </Page>
  );
}

interface PixelStateProps {
  pixel: { current: boolean; acceptedAt: number | null; fault: string | null };
  timezone: string | null;
  again: () => void;
  busy: boolean;
}

function PixelState({ pixel, timezone, again, busy }: PixelStateProps) {
  if (pixel.fault !== null || !pixel.current) {
    return (
      <Banner
        tone="warning"
        title="The pixel is not up to date"
        action={{ content: "Try again now", onAction: again, loading: busy }}
      >
        <p>
          {pixel.fault ?? "Shopify has not been told yet."} Browser legs stay as they were; Tandem tries again every
          minute.
        </p>
      </Banner>
    );
  }
  return (
    <Box paddingInline={{ xs: "400", sm: "0" }}>
      <Text as="p" tone="subdued">
        {pixel.acceptedAt === null ? null : (
          <>
            Pixel updated at <Instant at={pixel.acceptedAt} timezone={timezone} />.
          </>
        )}
      </Text>
    </Box>
  );
}

interface EventRowProps {
  name: EventName;
  legs: Record<Leg, boolean>;
  flip: (leg: Leg, on: boolean) => void;
}

const LEG_LABELS: Record<Leg, string> = { browser: "Browser leg", server: "Server leg" };

function EventRow({ name, legs, flip }: EventRowProps) {
  const { label, help } = CATALOG[name];
  return (
    <fieldset aria-labelledby={`${name}-label`} style={{ border: 0, margin: 0, padding: 0 }}>
      <InlineGrid columns={{ xs: 1, sm: "2fr 1fr" }} gap="200">
        <BlockStack gap="050">
          <div id={`${name}-label`}>
            <Text as="h3" variant="headingSm">
              {label}{" "}
              <Text as="span" variant="bodySm" tone="subdued">
                {name}
              </Text>
            </Text>
          </div>
          <div id={`${name}-help`}>
            <Text as="p" tone="subdued">
              {help}
            </Text>
          </div>
        </BlockStack>
        <InlineStack gap="400" blockAlign="center">
          {LEGS.map((leg) => (
            <Checkbox
              key={leg}
              label={LEG_LABELS[leg]}
              checked={legs[leg]}
              disabled={leg === "browser" && PIXEL_NAMES[name] === null}
              onChange={(on) => flip(leg, on)}
              ariaDescribedBy={`${name}-help`}
            />
          ))}
        </InlineStack>
      </InlineGrid>
    </fieldset>
  );
}

export const ErrorBoundary = PageFault;
