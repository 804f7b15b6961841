import { type ActionFunctionArgs, defer, type LoaderFunctionArgs } from "@remix-run/node";
import { Await, useFetcher, useLoaderData } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Page, SkeletonBodyText, Text } from "@shopify/polaris";
import { Suspense } from "react";
import { AdviceList } from "../components/match-quality/advice-list";
import { Answered } from "../components/match-quality/answered";
import { BeforeAndAfter } from "../components/match-quality/before-and-after";
import { GroupTable } from "../components/match-quality/group-table";
import { KeyTable } from "../components/match-quality/key-table";
import { MetaRefusal } from "../components/match-quality/meta-refusal";
import { MetaSays } from "../components/match-quality/meta-says";
import { ScoreOrGrade } from "../components/match-quality/score-or-grade";
import { ScoreTrend } from "../components/match-quality/score-trend";
import { PageFault } from "../components/page-fault";
import { counted } from "../counted";
import { adviceFor, stepOf } from "../diagnostics/adviser";
import { answersOf } from "../diagnostics/answers.server";
import { percentOf } from "../diagnostics/match-quality";
import { groupsOf, matchQualityOf } from "../diagnostics/match-quality.server";
import { chosenDataset } from "../diagnostics/match-quality-query";
import { keyFeedbackOf, potentialsOf } from "../diagnostics/meta-potentials";
import { readingOfEvent, scoreOf } from "../diagnostics/meta-quality";
import { metaQualityOf, scoreHistoryOf } from "../diagnostics/meta-quality.server";
import { graded, QUALITY_KEYS, WEIGHTY_KEYS } from "../diagnostics/quality-keys";
import { sourceLabel } from "../diagnostics/reconciliation";
import { eventLabel } from "../events/catalog";
import { running } from "../running.server";
import { recogniseForm, withRecognise } from "../settings/policy-forms";
import { connectedDatasets } from "../settings/registry.server";
import { type SaveAnswer, saveForm } from "../settings/save-form.server";
import { policyOf } from "../settings/settings";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Match quality – Tandem" }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, store, now } = running();
  const event = params.event ?? "";
  const place = chosenDataset(new URL(request.url).searchParams, connectedDatasets(shop));
  if (place === null) throw new Response("No dataset is connected.", { status: 404 });
  const at = now();
  const [quality, said] = await Promise.all([matchQualityOf(store, shop, place, at), metaQualityOf(db, place)]);
  const reading = readingOfEvent(said, event);
  const coverage = quality.events.find((one) => one.event === event);
  if (coverage === undefined) throw new Response("Nothing was counted of such an event.", { status: 404 });
  const recognising = policyOf(shop.settings, place.dataset).recognise;
  return defer({
    dataset: place.dataset,
    label: eventLabel(event),
    coverage,
    grade: graded(coverage.server),
    keys: [...QUALITY_KEYS],
    weighty: [...WEIGHTY_KEYS],
    advice: adviceFor(coverage, { dataset: place.dataset, recognising }, potentialsOf(reading)),
    /** Null: no such event is ever recognised. */
    recognising: stepOf(event) === "page" ? recognising : null,
    meta: {
      askedAt: said.askedAt,
      answeredAt: said.answeredAt,
      refusal: said.refusal,
      reading,
      keys: keyFeedbackOf(reading),
      score: scoreOf(said, event),
    },
    history: scoreHistoryOf(db, place.id, event, at),
    at,
    timezone: shop.timezone,
    groups: groupsOf(store, shop, place, event, at),
    answers: answersOf(db, shop, place.id, event, at),
  });
}

/** Switches on, or off again, what a setting keeps from being sent. */
export async function action({ request }: ActionFunctionArgs): Promise<SaveAnswer> {
  const { shop } = await authenticatedShop(request);
  const { store, registry } = running();
  const place = chosenDataset(new URL(request.url).searchParams, connectedDatasets(shop));
  if (place === null) throw new Response("No dataset is connected.", { status: 404 });
  const sent = Object.fromEntries(await request.formData());
  const saved = await saveForm(sent, recogniseForm, withRecognise(place.dataset), { shop, store });
  await registry.refresh();
  return saved;
}

export default function EventQualityPage() {
  const { dataset, label, coverage, grade, advice, recognising, keys, weighty, groups, answers, ...data } =
    useLoaderData<typeof loader>();
  const { meta, history, at, timezone } = data;
  const recognised = keys.filter(({ key }) => key === "em" || key === "ph");
  const { server, browser, twins } = coverage;
  return (
    <Page
      title={label}
      subtitle={`What it carried in the last seven days, for dataset ${dataset}`}
      titleMetadata={<ScoreOrGrade score={meta.score} grade={grade} />}
      backAction={{ content: "Match quality", url: `/app/match-quality?${new URLSearchParams({ dataset })}` }}
    >
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="200">
            <Text as="p">
              {server.events} accepted by Meta from the server.{" "}
              {server.events > 0
                ? `Of ${percentOf(twins, server.events)} % of them the browser's copy left as well.`
                : ""}
            </Text>
            <Text as="p" tone="subdued">
              Of {counted(browser.events, "event")} a copy left a browser. Meta confirms none of those.
            </Text>
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What would help
            </Text>
            <AdviceList advice={advice} switchOn={<Recognise on={true} />} />
          </BlockStack>
        </Card>
        <MetaRefusal quality={meta} timezone={timezone} />
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What Meta says
            </Text>
            <MetaSays
              quality={meta}
              reading={meta.reading}
              keys={meta.keys}
              timezone={timezone}
              trend={
                <Suspense fallback={<SkeletonBodyText lines={2} />}>
                  <Await resolve={history}>
                    {(points) => <ScoreTrend points={points} now={at} timezone={timezone} />}
                  </Await>
                </Suspense>
              }
            />
          </BlockStack>
        </Card>
        {recognising === true ? (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Returning shoppers are recognised
              </Text>
              <Suspense fallback={<SkeletonBodyText lines={2} />}>
                <Await resolve={groups}>
                  {({ recognise }) => <BeforeAndAfter groups={recognise} keys={recognised} />}
                </Await>
              </Suspense>
              <Recognise on={false} />
            </BlockStack>
          </Card>
        ) : null}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Match keys
            </Text>
            <KeyTable coverage={coverage} keys={keys} />
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What Meta answered
            </Text>
            <Suspense fallback={<SkeletonBodyText lines={2} />}>
              <Await resolve={answers}>{(told) => <Answered answers={told} />}</Await>
            </Suspense>
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              The same, narrowed
            </Text>
            <Suspense fallback={<SkeletonBodyText lines={6} />}>
              <Await resolve={groups}>
                {({ source, device, country }) => (
                  <>
                    <GroupTable heading="By source" groups={source} keys={weighty} labelOf={sourceLabel} />
                    <GroupTable heading="By device" groups={device} keys={weighty} labelOf={deviceLabel} />
                    <GroupTable heading="By country" groups={country} keys={weighty} labelOf={(code) => code} />
                  </>
                )}
              </Await>
            </Suspense>
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

const DEVICES: Record<string, string> = {
  phone: "Phone",
  tablet: "Tablet",
  desktop: "Computer",
  in_app: "Inside an app",
};

function deviceLabel(device: string): string {
  return DEVICES[device] ?? device;
}

/** One press, and one to take it back. */
function Recognise({ on }: { on: boolean }) {
  const fetcher = useFetcher<SaveAnswer>();
  const busy = fetcher.state !== "idle";
  return (
    <InlineStack>
      <Button
        loading={busy}
        onClick={() => fetcher.submit({ recognise: String(on) }, { method: "POST" })}
        {...(on && { variant: "primary" as const })}
      >
        {on ? "Recognise returning shoppers" : "Switch off again"}
      </Button>
    </InlineStack>
  );
}

export const ErrorBoundary = PageFault;
