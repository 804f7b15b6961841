import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Box, Card, InlineGrid, List, Page, Select, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { NoSignalBanner } from "../components/no-signal-banner";
import { PageFault } from "../components/page-fault";
import { Unsaved } from "../components/unsaved";
import {
  CHOICES,
  type Choice,
  CONSENT_SOURCE_NAMES,
  CONSENT_SOURCES,
  type ConsentPolicy,
  type ConsentSource,
  choiceFor,
  defaultFor,
  REGION_NAMES,
  REGIONS,
  type Region,
  SIGNALS,
  type Signal,
  versionOf,
} from "../consent/policy";
import { noSignalOf } from "../diagnostics/no-signal.server";
import { running } from "../running.server";
import { consentForm, withConsentForm } from "../settings/consent-forms";
import { type SaveAnswer, saveForm } from "../settings/save-form.server";
import type { Settings } from "../settings/settings";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Consent – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, now } = running();
  return { consent: shop.settings.consent, noSignal: await noSignalOf(db, shop.id, now()) };
}

export async function action({ request }: ActionFunctionArgs): Promise<SaveAnswer> {
  const { shop } = await authenticatedShop(request);
  const sent = Object.fromEntries(await request.formData());
  return saveForm(sent, consentForm, withConsentForm, { shop, store: running().store });
}

/** What this merchant changed: somebody else may change the rest meanwhile. */
type Changes = ConsentPolicy["choices"];

const OPEN_SIGNALS = ["given", "sale_opt_out", "none"] as const satisfies readonly Signal[];

export default function ConsentPage() {
  const { consent, noSignal } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<SaveAnswer>();
  const [changes, setChanges] = useState<Changes>({});
  const faults = fetcher.data?.faults ?? {};
  // Not before the page has what was saved: the old would show for a moment.
  useEffect(() => {
    if (fetcher.state === "idle" && fetcher.data?.saved) setChanges({});
  }, [fetcher.state, fetcher.data]);
  const chosen = (region: Region, source: ConsentSource, signal: Signal) =>
    changes[region]?.[source]?.[signal] ?? choiceFor(consent, { region, source }, signal);
  const choose = (region: Region, source: ConsentSource, signal: Signal, choice: Choice) =>
    setChanges(withChange(changes, consent, { region, source, signal }, choice));
  return (
    <Page title="Consent" subtitle="What Meta is told, by where an order belongs and what its shopper said.">
      <Unsaved
        id="consent"
        open={Object.keys(changes).length > 0}
        saving={fetcher.state !== "idle"}
        save={() => fetcher.submit({ choices: JSON.stringify(changes) }, { method: "post" })}
        discard={() => setChanges({})}
      />
      <BlockStack gap="400">
        {Object.keys(faults).length === 0 ? null : (
          <Banner tone="critical" title="Nothing was saved.">
            <p>{Object.values(faults).join(" ")}</p>
          </Banner>
        )}
        <NoSignalBanner noSignal={noSignal} besideTable />
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What the choices mean
            </Text>
            <List>
              {(Object.keys(CHOICES) as Choice[]).map((choice) => (
                <List.Item key={choice}>
                  <Text as="span" fontWeight="semibold">
                    {CHOICES[choice].label}
                  </Text>
                  : {CHOICES[choice].help}
                </List.Item>
              ))}
            </List>
            <Text as="p">
              Who refused is never sent, anywhere; there is nothing to choose. Checkouts and registrations go by the row
              of the online store. A page knows no address, so for pages, products and carts the shopper's own answer
              decides: nothing without consent. A browser that asks for Global Privacy Control has opted out of the sale
              of its data. The browser's own copies go by that answer too, whatever is chosen below. Changes hold for
              what is decided from now on: this is version {versionOf(consent)} of the table, and every delivery says by
              which it was decided.
            </Text>
          </BlockStack>
        </Card>
        {REGION_NAMES.map((region) => (
          <Card key={region}>
            <BlockStack gap="400">
              <BlockStack gap="100">
                <Text as="h2" variant="headingMd">
                  {REGIONS[region].label}
                </Text>
                <Text as="p" tone="subdued">
                  {REGIONS[region].help}
                </Text>
              </BlockStack>
              {CONSENT_SOURCE_NAMES.map((source) => (
                <SourceChoices
                  key={source}
                  region={region}
                  source={source}
                  chosen={(signal) => chosen(region, source, signal)}
                  choose={(signal, choice) => choose(region, source, signal, choice)}
                />
              ))}
            </BlockStack>
          </Card>
        ))}
        <Box paddingBlockEnd="400" />
      </BlockStack>
    </Page>
  );
}

interface SourceChoicesProps {
  region: Region;
  source: ConsentSource;
  chosen: (signal: Signal) => Choice;
  choose: (signal: Signal, choice: Choice) => void;
}

function SourceChoices({ region, source, chosen, choose }: SourceChoicesProps) {
  const { label, help } = CONSENT_SOURCES[source];
  return (
    <BlockStack gap="200">
      <BlockStack gap="050">
        <Text as="h3" variant="headingSm">
          {label}
        </Text>
        <Text as="p" tone="subdued">
          {help}
        </Text>
      </BlockStack>
      <InlineGrid columns={{ xs: 1, md: 3 }} gap="300">
        {OPEN_SIGNALS.map((signal) => (
          <Select
            key={signal}
            label={`Shopper ${SIGNALS[signal].label}`}
            options={SIGNALS[signal].choices.map((choice) => ({
              value: choice,
              label:
                choice === defaultFor(region, signal) ? `${CHOICES[choice].label} (default)` : CHOICES[choice].label,
            }))}
            value={chosen(signal)}
            onChange={(picked) => {
              const choice = SIGNALS[signal].choices.find((one) => one === picked);
              if (choice !== undefined) choose(signal, choice);
            }}
          />
        ))}
      </InlineGrid>
    </BlockStack>
  );
}

interface Field {
  region: Region;
  source: ConsentSource;
  signal: Signal;
}

/** What is to be saved: only what is not as it was. */
function withChange(
  changes: Changes,
  saved: Settings["consent"],
  { region, source, signal }: Field,
  choice: Choice,
): Changes {
  const before = choiceFor(saved, { region, source }, signal);
  const { [signal]: _, ...others } = changes[region]?.[source] ?? {};
  const signals = choice === before ? others : { ...others, [signal]: choice };
  const sources = without({ ...changes[region], [source]: signals }, source);
  return without({ ...changes, [region]: sources }, region);
}

/** Without the entry, where nothing is in it. */
function without<Of extends object>(whole: Of, key: keyof Of): Of {
  const entry = whole[key];
  if (typeof entry === "object" && entry !== null && Object.keys(entry).length > 0) return whole;
  const { [key]: _, ...rest } = whole;
  return rest as Of;
}

export const ErrorBoundary = PageFault;
