import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { BlockStack, Button, Card, FormLayout, InlineStack, Page, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { DatasetCard } from "../components/dataset/card";
import { Done } from "../components/dataset/done";
import type { DatasetView, SettingsAnswer } from "../components/dataset/view";
import { Held } from "../components/held";
import { PageFault } from "../components/page-fault";
import { heldOf } from "../diagnostics/held.server";
import { wordsOf } from "../diagnostics/words";
import { tooSoon } from "../http/merchant-rates.server";
import { sendTestEvent } from "../pipeline/test-event.server";
import { running } from "../running.server";
import { configure } from "../settings/configure.server";
import { connect } from "../settings/connect.server";
import { datasetForm, faultsOf } from "../settings/dataset-forms";
import { connectedDatasets, type Dataset } from "../settings/registry.server";
import { liveTestCode, testCodeEnds } from "../settings/test-code";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Settings – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, now } = running();
  const at = now();
  return {
    datasets: connectedDatasets(shop).map((dataset) => viewOf(dataset, at)),
    held: await heldOf(db, shop),
    at,
    timezone: shop.timezone,
  };
}

function viewOf(dataset: Dataset, at: number): DatasetView {
  return {
    dataset: dataset.dataset,
    held: dataset.heldReason === null ? null : wordsOf(dataset.heldReason),
    testCode: liveTestCode(dataset, at),
    testCodeUntil: testCodeEnds(dataset, at),
    holdSeconds: dataset.holdSeconds,
  };
}

export async function action({ request }: ActionFunctionArgs): Promise<SettingsAnswer> {
  const { shop, graphql } = await authenticatedShop(request);
  const { store, keyring, now, pixels, registry, scheduler, delivery } = running();
  const parsed = datasetForm.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return { ...NOTHING, faults: faultsOf(parsed.error) };
  const form = parsed.data;
  const known = connectedDatasets(shop).find(({ dataset }) => dataset === form.dataset);
  if (form.intent === "connect") {
    const { dataset, token } = form;
    await connect(
      store,
      keyring,
      { shop: shop.domain, dataset, token, testCode: null, country: null, holdSeconds: null },
      now(),
    );
    await registry.refresh();
    scheduler.hurry(connectedDatasets(registry.shop(shop.domain) ?? shop).map(({ id }) => id));
    await pixels.sync(shop.domain, graphql);
    return { ...NOTHING, done: known === undefined ? `Dataset ${dataset} is connected.` : "The new token is in use." };
  }
  if (known === undefined) return { ...NOTHING, faults: { dataset: "is not connected" } };
  switch (form.intent) {
    case "configure":
      await configure(store, known, form, now());
      return { ...NOTHING, done: "Saved." };
    case "disconnect":
      await store.disconnectDatasets(shop.id, known.dataset, now());
      await registry.refresh();
      scheduler.hurry([known.id]);
      await pixels.sync(shop.domain, graphql);
      return { ...NOTHING, done: "Disconnected." };
    case "test": {
      const soon = tooSoon("testEvent", shop.domain, now());
      if (soon !== null) return { ...NOTHING, faults: { test: soon } };
      const { verdict, ...answer } = await sendTestEvent({ shop, dataset: known }, { ...delivery, store });
      return { ...NOTHING, test: { ...answer, accepted: verdict === "accepted" } };
    }
  }
}

const NOTHING: SettingsAnswer = { faults: {}, done: null, test: null };

export default function SettingsPage() {
  const { datasets, held, at, timezone } = useLoaderData<typeof loader>();
  return (
    <Page title="Settings">
      <BlockStack gap="400">
        {datasets.map((view) => (
          <BlockStack key={view.dataset} gap="200">
            {held.flatMap((one) =>
              one.dataset === view.dataset
                ? [<Held key={one.dataset} held={one} now={at} timezone={timezone} besideToken />]
                : [],
            )}
            <DatasetCard view={view} timezone={timezone} />
          </BlockStack>
        ))}
        <Connect first={datasets.length === 0} />
      </BlockStack>
    </Page>
  );
}

function Connect({ first }: { first: boolean }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const [dataset, setDataset] = useState("");
  const [token, setToken] = useState("");
  const faults = fetcher.data?.faults ?? {};
  // A token must not stay in its field.
  useEffect(() => {
    if (!fetcher.data?.done) return;
    setDataset("");
    setToken("");
  }, [fetcher.data]);
  return (
    <Card>
      <fetcher.Form method="post">
        <input type="hidden" name="intent" value="connect" />
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {first ? "Connect a Meta dataset" : "Connect another dataset"}
          </Text>
          <FormLayout>
            <FormLayout.Group>
              <TextField
                label="Dataset ID"
                name="dataset"
                value={dataset}
                onChange={setDataset}
                error={faults.dataset ?? false}
                helpText="Also called pixel ID: digits, in Events Manager under Data sources."
                inputMode="numeric"
                autoComplete="off"
              />
              <TextField
                label="Access token"
                name="token"
                type="password"
                value={token}
                onChange={setToken}
                error={faults.token ?? false}
                helpText="Events Manager makes it: dataset, Settings, Conversions API. It is sealed and never shown again."
                autoComplete="off"
              />
            </FormLayout.Group>
            <InlineStack gap="300" blockAlign="center">
              <Button submit variant="primary" loading={fetcher.state !== "idle"}>
                Connect
              </Button>
              <Done answer={fetcher.data} />
            </InlineStack>
          </FormLayout>
        </BlockStack>
      </fetcher.Form>
    </Card>
  );
}

export const ErrorBoundary = PageFault;
