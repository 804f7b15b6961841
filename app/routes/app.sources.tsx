import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Box, Card, InlineGrid, Page, Select, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { Choices } from "../components/choices";
import { PageFault } from "../components/page-fault";
import { BesidePreview } from "../components/preview";
import { Unsaved } from "../components/unsaved";
import {
  ORDER_SOURCE_NAMES,
  ORDER_SOURCES,
  ORDER_TRAIT_NAMES,
  ORDER_TRAITS,
  type OrderSource,
  type OrderTrait,
  TREATMENTS,
  type Treatment,
} from "../events/order-sources";
import { running } from "../running.server";
import { entriesOf } from "../settings/form-fields";
import { type SaveAnswer, saveForm } from "../settings/save-form.server";
import { DEFAULT_SETTINGS, type Settings } from "../settings/settings";
import { REGISTRATIONS, sourcesForm, withSourcesForm } from "../settings/sources-forms";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Sources – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { matrix, registrations } = shop.settings;
  return { matrix, registrations };
}

export async function action({ request }: ActionFunctionArgs): Promise<SaveAnswer> {
  const { shop } = await authenticatedShop(request);
  const sent = Object.fromEntries(await request.formData());
  return saveForm(sent, sourcesForm, withSourcesForm, { shop, store: running().store });
}

/** A trait's treatment where its source decides. */
const AS_ITS_SOURCE = "";

/** What this merchant changed: somebody else may change the rest meanwhile. */
interface Changes {
  sources: Partial<Record<OrderSource, Treatment>>;
  traits: Partial<Record<OrderTrait, Treatment | typeof AS_ITS_SOURCE>>;
  renewalApps?: string;
  registrations?: Settings["registrations"];
}

const NONE: Changes = { sources: {}, traits: {} };

export default function SourcesPage() {
  const saved = useLoaderData<typeof loader>();
  const fetcher = useFetcher<SaveAnswer>();
  const [changes, setChanges] = useState<Changes>(NONE);
  const now = formOf(saved, changes);
  const sent = touchedOf(saved, changes);
  const faults = fetcher.data?.faults ?? {};
  // Not before the page has what was saved: the old would show for a moment.
  useEffect(() => {
    if (fetcher.state === "idle" && fetcher.data?.saved) setChanges(NONE);
  }, [fetcher.state, fetcher.data]);
  return (
    <Page
      title="Sources"
      subtitle="Where orders come from, and what Meta is told of each kind. For all datasets, from the next order on."
    >
      <Unsaved
        id="sources"
        open={Object.keys(sent).length > 0}
        saving={fetcher.state !== "idle"}
        save={() => fetcher.submit(sent, { method: "post" })}
        discard={() => setChanges(NONE)}
      />
      <BesidePreview draft={draftOf(now)}>
        {Object.keys(faults).length === 0 ? null : (
          <Banner tone="critical" title="Nothing was saved: please look at the fields that are marked.">
            {faults.form === undefined ? null : <p>{faults.form}</p>}
          </Banner>
        )}
        <Card>
          <BlockStack gap="500">
            <Heading title="An order that came from" help="Each order comes from exactly one of these." />
            {ORDER_SOURCE_NAMES.map((source) => (
              <SourceRow
                key={source}
                {...ORDER_SOURCES[source]}
                value={now.sources[source]}
                options={treatmentOptions(ORDER_SOURCES[source].custom, ORDER_SOURCES[source].default)}
                choose={(chosen) => setChanges({ ...changes, sources: { ...changes.sources, [source]: chosen } })}
                error={faults[source]}
              />
            ))}
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="500">
            <Heading
              title="An order that is"
              help="Whatever it came from. A choice made here goes before the source's."
            />
            {ORDER_TRAIT_NAMES.map((trait) => (
              <SourceRow
                key={trait}
                {...ORDER_TRAITS[trait]}
                value={now.traits[trait]}
                options={[
                  { value: AS_ITS_SOURCE, label: "As its source (default)" },
                  ...treatmentOptions(ORDER_TRAITS[trait].custom),
                ]}
                choose={(chosen) => setChanges({ ...changes, traits: { ...changes.traits, [trait]: chosen } })}
                error={faults[trait]}
              />
            ))}
          </BlockStack>
        </Card>
        <Card>
          <TextField
            label="Apps whose orders are renewals"
            helpText="Shopify's own subscription contracts are known. If another app charges your subscriptions, name it here: its app id, or the name it gives as an order's source. One per line, or commas between them. Orders that have arrived already stay as they are."
            value={now.renewalApps}
            onChange={(renewalApps) => setChanges({ ...changes, renewalApps })}
            error={faults.renewalApps ?? false}
            multiline={2}
            maxHeight={200}
            autoComplete="off"
          />
        </Card>
        <Card>
          <BlockStack gap="300">
            <Choices
              title="A registration is"
              rows={REGISTRATIONS}
              chosen={now.registrations}
              usual={DEFAULT_SETTINGS.registrations}
              choose={(registrations) => setChanges({ ...changes, registrations })}
              error={faults.registrations}
            />
            <Text as="p" tone="subdued">
              Whether registrations are sent at all is switched on the Events page; they are off by default.
            </Text>
          </BlockStack>
        </Card>
        <Box paddingBlockEnd="400" />
      </BesidePreview>
    </Page>
  );
}

function Heading({ title, help }: { title: string; help: string }) {
  return (
    <BlockStack gap="100">
      <Text as="h2" variant="headingMd">
        {title}
      </Text>
      <Text as="p" tone="subdued">
        {help}
      </Text>
    </BlockStack>
  );
}

interface Option<Value extends string> {
  value: Value;
  label: string;
}

interface SourceRowProps<Value extends string> {
  label: string;
  help: string;
  value: Value;
  options: Option<Value>[];
  choose: (chosen: Value) => void;
  error: string | undefined;
}

function SourceRow<Value extends string>({ label, help, value, options, choose, error }: SourceRowProps<Value>) {
  return (
    <InlineGrid columns={{ xs: 1, lg: "2fr 3fr" }} gap="300" alignItems="start">
      <BlockStack gap="050">
        <Text as="h3" variant="headingSm">
          {label}
        </Text>
        <Text as="p" tone="subdued">
          {help}
        </Text>
      </BlockStack>
      <Select
        label={label}
        labelHidden
        options={options}
        value={value}
        onChange={(chosen) => {
          const option = options.find((one) => one.value === chosen);
          if (option !== undefined) choose(option.value);
        }}
        error={error ?? false}
      />
    </InlineGrid>
  );
}

const TREATMENT_NAMES = Object.keys(TREATMENTS) as Treatment[];

function treatmentOptions(custom: string, usual?: Treatment): Option<Treatment>[] {
  return TREATMENT_NAMES.map((name) => {
    const label = name === "custom" ? `${TREATMENTS.custom.label}: ${custom}` : TREATMENTS[name].label;
    return { value: name, label: name === usual ? `${label} (default)` : label };
  });
}

type Saved = Pick<Settings, "matrix" | "registrations">;

interface Form {
  sources: Record<OrderSource, Treatment>;
  traits: Record<OrderTrait, Treatment | typeof AS_ITS_SOURCE>;
  renewalApps: string;
  registrations: Settings["registrations"];
}

/** What the page shows. */
function formOf({ matrix, registrations }: Saved, changes: Changes): Form {
  return {
    sources: Object.fromEntries(
      ORDER_SOURCE_NAMES.map((source) => [
        source,
        changes.sources[source] ?? matrix.sources[source] ?? ORDER_SOURCES[source].default,
      ]),
    ) as Form["sources"],
    traits: Object.fromEntries(
      ORDER_TRAIT_NAMES.map((trait) => [trait, changes.traits[trait] ?? matrix.traits[trait] ?? AS_ITS_SOURCE]),
    ) as Form["traits"],
    renewalApps: changes.renewalApps ?? matrix.renewalApps.join("\n"),
    registrations: changes.registrations ?? registrations,
  };
}

/** What is to be saved: only what is not as it was. */
function touchedOf(saved: Saved, changes: Changes): Record<string, string> {
  const before = formOf(saved, NONE);
  const now = formOf(saved, changes);
  const sources = ORDER_SOURCE_NAMES.filter((source) => now.sources[source] !== before.sources[source]);
  const traits = ORDER_TRAIT_NAMES.filter((trait) => now.traits[trait] !== before.traits[trait]);
  const picked = <Name extends string>(names: readonly Name[], of: Record<Name, string>) =>
    JSON.stringify(Object.fromEntries(names.map((name) => [name, of[name]])));
  return {
    ...(sources.length > 0 && { sources: picked(sources, now.sources) }),
    ...(traits.length > 0 && { traits: picked(traits, now.traits) }),
    ...(now.renewalApps !== before.renewalApps && { renewalApps: now.renewalApps }),
    ...(now.registrations !== before.registrations && { registrations: now.registrations }),
  };
}

/** The settings as the form has them at this moment, right or not. */
function draftOf({ sources, traits, renewalApps, registrations }: Form) {
  const chosen = Object.entries(traits).filter(([, treatment]) => treatment !== AS_ITS_SOURCE);
  return {
    matrix: { sources, traits: Object.fromEntries(chosen), renewalApps: entriesOf(renewalApps) },
    registrations,
  };
}

export const ErrorBoundary = PageFault;
