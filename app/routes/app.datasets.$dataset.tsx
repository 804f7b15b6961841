import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Box, Card, Checkbox, Page, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { Choices } from "../components/choices";
import { EventRow } from "../components/event-row";
import { PageFault } from "../components/page-fault";
import { type FilterFields, Filters } from "../components/policy/filters";
import { BesidePreview } from "../components/preview";
import { Unsaved } from "../components/unsaved";
import { LEGS, type Leg } from "../events/catalog";
import { CONTENT_ID_FORMATS, type ContentIdFormat } from "../events/content-id-formats";
import { EVENT_NAMES, type EventName } from "../events/names";
import { VALUE_BASES, VALUE_MONEYS, type ValueBasis, type ValueMoney } from "../events/value";
import { running } from "../running.server";
import {
  browserPurchaseObstacle,
  type DatasetPolicy,
  DEFAULT_POLICY,
  PURCHASE_TRIGGERS,
  type PurchaseTrigger,
} from "../settings/dataset-policy";
import { entriesOf, type Faults, faultsByField } from "../settings/form-fields";
import { policyForm, policyWith, withPolicyForm } from "../settings/policy-forms";
import { connectedDatasets, type Shop } from "../settings/registry.server";
import { isOn, parseSettings, policyOf } from "../settings/settings";
import type { ToggleChanges } from "../settings/toggles";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "What is sent – Tandem" }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const dataset = connectedOr404(shop, params.dataset);
  const { currency, currencies, taxesIncluded } = shop;
  const policy = policyOf(shop.settings, dataset);
  const legs = (event: EventName, of: string | null) =>
    Object.fromEntries(LEGS.map((leg) => [leg, isOn(shop.settings, event, leg, of)])) as Record<Leg, boolean>;
  const ofAll = (of: string | null) =>
    Object.fromEntries(EVENT_NAMES.map((event) => [event, legs(event, of)])) as Record<EventName, Record<Leg, boolean>>;
  return {
    dataset,
    policy,
    money: { currency, currencies, taxesIncluded },
    toggles: ofAll(dataset),
    shopToggles: ofAll(null),
    several: connectedDatasets(shop).length > 1,
  };
}

function connectedOr404(shop: Shop, dataset: string | undefined): string {
  const found = connectedDatasets(shop).find((one) => one.dataset === dataset);
  if (found === undefined) throw new Response("This dataset is not connected.", { status: 404 });
  return found.dataset;
}

interface Answer {
  /** A message for each field that is not as it should be. */
  faults: Faults;
  saved: boolean;
}

export async function action({ request, params }: ActionFunctionArgs): Promise<Answer> {
  const { shop, graphql } = await authenticatedShop(request);
  const dataset = connectedOr404(shop, params.dataset);
  const { store, pixels } = running();
  const sent = Object.fromEntries(await request.formData());
  const form = policyForm.safeParse(sent);
  if (!form.success) return { faults: faultsByField(form.error, sent), saved: false };
  const wanted = policyWith(policyOf(shop.settings, dataset), form.data);
  if ("faults" in wanted) return { faults: wanted.faults, saved: false };
  await store.changeSettings(shop.id, (stored) =>
    JSON.stringify(withPolicyForm(parseSettings(stored), dataset, form.data)),
  );
  await pixels.sync(shop.domain, graphql);
  return { faults: {}, saved: true };
}

/** The fields as the page holds them; lists are texts, as they are typed. */
interface Fields extends FilterFields {
  trigger: PurchaseTrigger;
  basis: ValueBasis;
  money: ValueMoney;
  contentId: ContentIdFormat;
  restricted: boolean;
  recognise: boolean;
}

export default function DatasetPage() {
  const { dataset } = useLoaderData<typeof loader>();
  // Another dataset's page is another form.
  return <PolicyPage key={dataset} />;
}

function PolicyPage() {
  const { dataset, policy, money, toggles, shopToggles, several } = useLoaderData<typeof loader>();
  const fetcher = useFetcher<Answer>();
  // Only what this merchant changed: somebody else may change the rest meanwhile.
  const [changes, setChanges] = useState<Partial<Fields>>({});
  const [legChanges, setLegChanges] = useState<ToggleChanges>({});
  const hasOwn = Object.keys(policy.toggles).length > 0;
  const [own, setOwn] = useState(hasOwn);
  const saved = fieldsOf(policy);
  const fields = { ...saved, ...changes };
  const set =
    <Name extends keyof Fields>(name: Name) =>
    (value: Fields[Name]) =>
      setChanges({ ...changes, [name]: value });
  const isNowOn = (event: EventName, leg: Leg) =>
    own ? (legChanges[event]?.[leg] ?? toggles[event][leg]) : shopToggles[event][leg];
  const touched = Object.entries(changes).filter(([name, value]) => saved[name as keyof Fields] !== value);
  const flipped = EVENT_NAMES.some((event) => LEGS.some((leg) => isNowOn(event, leg) !== toggles[event][leg]));
  const togglesTouched = own ? flipped : hasOwn;
  const discard = () => {
    setChanges({});
    setLegChanges({});
    setOwn(hasOwn);
  };
  // Not before the page has what was saved: the old would show for a moment.
  useEffect(() => {
    if (fetcher.state !== "idle" || !fetcher.data?.saved) return;
    setChanges({});
    setLegChanges({});
  }, [fetcher.state, fetcher.data]);
  useEffect(() => setOwn(hasOwn), [hasOwn]);
  const save = () => {
    const sent: Record<string, string> = Object.fromEntries(
      touched.map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]),
    );
    if (togglesTouched) sent.toggles = own ? JSON.stringify(legChanges) : "none";
    fetcher.submit(sent, { method: "post" });
  };
  const draft = policyDraft(fields, own, isNowOn);
  const obstacle = browserPurchaseObstacle(draft, money);
  const faults = fetcher.data?.faults ?? {};
  return (
    <Page
      title="What is sent"
      subtitle={`To dataset ${dataset}: when an order counts, what it is worth, how its goods are named.`}
      backAction={{ content: "Settings", url: "/app/settings" }}
    >
      <Unsaved
        id="dataset"
        open={touched.length > 0 || togglesTouched}
        saving={fetcher.state !== "idle"}
        save={save}
        discard={discard}
      />
      <BesidePreview datasets={[dataset]} draft={{ datasets: { [dataset]: draft } }}>
        {Object.keys(faults).length === 0 ? null : (
          <Banner tone="critical" title="Nothing was saved: please look at the fields that are marked.">
            {faults.form === undefined && faults.toggles === undefined ? null : (
              <p>{faults.form ?? `The switches: ${faults.toggles}`}</p>
            )}
          </Banner>
        )}
        {obstacle === null ? null : (
          <Banner tone="info" title="The browser leg of Purchase is off for this dataset">
            <p>{obstacle} The server leg tells every Purchase.</p>
          </Banner>
        )}
        <Card>
          <Choices
            title="A Purchase counts"
            rows={PURCHASE_TRIGGERS}
            chosen={fields.trigger}
            usual={DEFAULT_POLICY.trigger}
            choose={set("trigger")}
            error={faults.trigger}
          />
        </Card>
        <Card>
          <BlockStack gap="400">
            <Choices
              title="Its value is"
              rows={VALUE_BASES}
              chosen={fields.basis}
              usual={DEFAULT_POLICY.value.basis}
              choose={set("basis")}
              error={faults.basis}
            />
            <Choices
              title="Told in"
              rows={VALUE_MONEYS}
              chosen={fields.money}
              usual={DEFAULT_POLICY.value.money}
              choose={set("money")}
              error={faults.money}
            />
          </BlockStack>
        </Card>
        <Card>
          <Choices
            title="Goods are named by"
            rows={CONTENT_ID_FORMATS}
            chosen={fields.contentId}
            usual={DEFAULT_POLICY.contentId}
            choose={set("contentId")}
            error={faults.contentId}
          />
        </Card>
        <Filters fields={fields} change={(some) => setChanges({ ...changes, ...some })} faults={faults} />
        <Card>
          <Checkbox
            label="Meta restricts this dataset's category"
            helpText="For health, finance and the like, where Meta blocks events that say too much: pages are cut to their host, and names, categories, search words and parameters of our own are left out. Off by default."
            checked={fields.restricted}
            onChange={set("restricted")}
            {...(faults.restricted !== undefined && { error: faults.restricted })}
          />
        </Card>
        <Card>
          <Checkbox
            label="Recognise returning shoppers"
            helpText="Page views, product views, searches and carts carry, hashed, what an earlier checkout in the same browser said: e-mail, phone, name, address. Only while the shopper agrees to marketing, only on the server's copy, and not where several customers bought at one device. Off by default: leave it off where many share a device."
            checked={fields.recognise}
            onChange={set("recognise")}
            {...(faults.recognise !== undefined && { error: faults.recognise })}
          />
        </Card>
        {several || hasOwn ? (
          <Card>
            <BlockStack gap="400">
              <Text as="h2" variant="headingMd">
                Events
              </Text>
              <Checkbox
                label="This dataset has switches of its own"
                helpText="Otherwise those of the Events page hold for it, which is the default."
                checked={own}
                onChange={setOwn}
              />
              {own
                ? EVENT_NAMES.map((event) => (
                    <EventRow
                      key={event}
                      name={event}
                      legs={{ browser: isNowOn(event, "browser"), server: isNowOn(event, "server") }}
                      flip={(leg, on) => setLegChanges({ ...legChanges, [event]: { ...legChanges[event], [leg]: on } })}
                      browserImpossible={event === "Purchase" && obstacle !== null}
                      note={event === "Purchase" && obstacle !== null ? <Off says={obstacle} /> : null}
                    />
                  ))
                : null}
            </BlockStack>
          </Card>
        ) : null}
        <Box paddingBlockEnd="400" />
      </BesidePreview>
    </Page>
  );
}

function Off({ says }: { says: string }) {
  return <Text as="p">The browser leg is off. {says}</Text>;
}

function fieldsOf({ trigger, value, contentId, filter, restricted, recognise }: DatasetPolicy): Fields {
  return {
    trigger,
    ...value,
    contentId,
    hosts: filter.hosts.join("\n"),
    paths: filter.paths.join("\n"),
    countries: filter.countries.join("\n"),
    markets: filter.markets,
    restricted,
    recognise,
  };
}

/** The policy as the form has it at this moment, right or not. */
function policyDraft(
  { trigger, basis, money, contentId, hosts, paths, countries, markets, restricted, recognise }: Fields,
  own: boolean,
  isNowOn: (event: EventName, leg: Leg) => boolean,
): DatasetPolicy {
  const legs = EVENT_NAMES.map((event) => [
    event,
    { browser: isNowOn(event, "browser"), server: isNowOn(event, "server") },
  ]);
  return {
    trigger,
    value: { basis, money },
    contentId,
    filter: { hosts: entriesOf(hosts), paths: entriesOf(paths), countries: entriesOf(countries), markets },
    restricted,
    recognise,
    toggles: own ? Object.fromEntries(legs) : {},
  };
}

export const ErrorBoundary = PageFault;
