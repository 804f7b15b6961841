import { randomInt } from "node:crypto";
import { type ActionFunctionArgs, type LoaderFunctionArgs, replace } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { BlockStack, Card, InlineGrid, InlineStack, Page, Text } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { PageFault } from "../components/page-fault";
import { Preview } from "../components/preview";
import { documentOf, draftOf, emptyDraft, fieldOfFault } from "../components/rule/draft";
import { RuleForm } from "../components/rule/form";
import { RuleBadge } from "../components/rule/list";
import { RuleSwitch } from "../components/rule/switch";
import { Trial } from "../components/rule/trial";
import { NEW_RULE, type RuleAnswer, type RuleView } from "../components/rule/view";
import { Unsaved } from "../components/unsaved";
import type { Backtest } from "../diagnostics/backtest";
import { backtest, backtestDataset, daysKept } from "../diagnostics/backtest.server";
import { wordsOfQuestion } from "../diagnostics/rule-words";
import type { Facts } from "../events/event";
import type { Rule } from "../events/rules";
import { worth } from "../pipeline/outgoing.server";
import { running } from "../running.server";
import type { Dataset, Shop } from "../settings/registry.server";
import { connectedDatasets } from "../settings/registry.server";
import { freshRuleKey, ruleForm, triedRule, withChangedRule, withNewRule } from "../settings/rule-forms";
import { parseSettings, policyOf } from "../settings/settings";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Custom event – Tandem" }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, now } = running();
  const rule = shop.settings.rules.find(({ key }) => key === params.key);
  if (rule === undefined && params.key !== NEW_RULE) {
    throw new Response("There is no such custom event.", { status: 404 });
  }
  const view: RuleView | null = rule === undefined ? null : { ...rule, asks: wordsOfQuestion(rule.when) };
  const currencies = [...new Set([shop.currency ?? [], shop.currencies ?? []].flat())];
  return {
    rule: view,
    days: await daysKept(db, shop, now()),
    datasets: connectedDatasets(shop).map(({ dataset }) => dataset),
    dataset: backtestDataset(shop, null)?.dataset ?? "",
    currencies,
  };
}

export async function action({ request, params }: ActionFunctionArgs): Promise<RuleAnswer> {
  const { shop } = await authenticatedShop(request);
  const parsed = ruleForm.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return { ...NOTHING, faults: { form: "cannot be read; load the page again" } };
  const { intent, rule: draft } = parsed.data;
  const key = params.key ?? NEW_RULE;
  if (intent === "try") {
    const tried = triedRule(
      draft,
      shop.settings.rules.find((rule) => rule.key === key),
    );
    if ("faults" in tried) return { ...NOTHING, faults: tried.faults };
    const dataset = backtestDataset(shop, parsed.data.dataset ?? null);
    if (dataset === null) return { ...NOTHING, faults: { form: "needs a connected dataset to be tried on" } };
    return { ...NOTHING, trial: await trialOf(tried.rule, dataset, shop) };
  }
  const { store, registry } = running();
  let answer = NOTHING;
  await store.changeSettings(shop.id, (stored) => {
    const settings = parseSettings(stored);
    const isNew = key === NEW_RULE;
    const savedKey = isNew ? freshRuleKey(settings, randomInt) : key;
    const changed = isNew ? withNewRule(settings, savedKey, draft) : withChangedRule(settings, key, draft);
    answer = "faults" in changed ? { ...NOTHING, faults: changed.faults } : { ...NOTHING, saved: savedKey };
    return "faults" in changed ? stored : JSON.stringify(changed.settings);
  });
  await registry.refresh();
  // It has an address of its own now.
  if (key === NEW_RULE && answer.saved !== null) throw replace(`/app/rules/${answer.saved}`);
  return answer;
}

const NOTHING: RuleAnswer = { faults: {}, saved: null, trial: null };

function trialOf(rule: Pick<Rule, "base" | "when">, dataset: Dataset, shop: Shop): Promise<Backtest> {
  const { db, store, now } = running();
  const policy = policyOf(shop.settings, dataset.dataset);
  return backtest(rule, dataset, shop, {
    db,
    now,
    worth: (facts: Facts) => worth({ name: rule.base, facts }, shop, policy),
    productsOf: async (ids) => {
      const known = await store.productsOf(shop.id, ids);
      return new Map(known.map((product) => [product.product, product]));
    },
  });
}

export default function RulePage() {
  const { rule } = useLoaderData<typeof loader>();
  // Another rule is another form.
  return <RuleEditor key={rule?.key ?? NEW_RULE} />;
}

function RuleEditor() {
  const { rule, days, datasets, dataset: first, currencies } = useLoaderData<typeof loader>();
  const saving = useFetcher<RuleAnswer>();
  const trying = useFetcher<RuleAnswer>();
  const currency = currencies[0] ?? "";
  const saved = rule === null ? emptyDraft(currency) : draftOf(rule, currency);
  const [draft, setDraft] = useState(saved);
  const [dataset, setDataset] = useState(first);
  const [tried, setTried] = useState("");
  // A discarded form must not keep the faults of what was typed.
  const [dismissed, setDismissed] = useState<RuleAnswer>();
  const document = JSON.stringify(documentOf(draft));
  const dirty = document !== JSON.stringify(documentOf(saved));
  const faults = saving.data === undefined || saving.data === dismissed ? {} : saving.data.faults;
  const asked = JSON.stringify({ document, dataset });
  const { data } = saving;
  // What was saved may have been tidied: " 100 " is 100. Only then: what is being typed is never taken away.
  const settled = useRef<RuleAnswer>();
  useEffect(() => {
    if (saving.state !== "idle" || !data?.saved || settled.current === data || rule === null) return;
    settled.current = data;
    setDraft(draftOf(rule, currency));
  }, [saving.state, data, rule, currency]);
  const discard = () => {
    setDraft(saved);
    setDismissed(data);
  };
  const run = () => {
    setTried(asked);
    trying.submit({ intent: "try", rule: document, dataset }, { method: "post" });
  };
  const [fault] = Object.entries(trying.data?.faults ?? {});
  return (
    <Page
      title={rule?.name ?? "New custom event"}
      backAction={{ content: "Custom events", url: "/app/rules" }}
      {...(rule !== null && { titleMetadata: <RuleBadge on={rule.on} /> })}
    >
      <Unsaved
        id="rule"
        open={dirty}
        saving={saving.state !== "idle"}
        save={() => saving.submit({ intent: "save", rule: document }, { method: "post" })}
        discard={discard}
      />
      <InlineGrid columns={{ xs: 1, md: "3fr 2fr" }} gap="400" alignItems="start">
        <RuleForm draft={draft} asks={rule?.asks ?? null} faults={faults} currencies={currencies} change={setDraft} />
        <div style={{ minWidth: 0 }}>
          <BlockStack gap="400">
            <State rule={rule} dirty={dirty} />
            <Trial
              days={days}
              datasets={datasets}
              dataset={dataset}
              choose={setDataset}
              trial={trying.data?.trial ?? null}
              stale={tried !== asked}
              busy={trying.state !== "idle"}
              fault={fault === undefined ? null : `${fieldOfFault(fault[0])}: ${fault[1]}.`}
              run={run}
            />
            {draft.base === "Purchase" ? <Preview draft={previewed(rule, document)} /> : null}
          </BlockStack>
        </div>
      </InlineGrid>
    </Page>
  );
}

/** This rule alone, as if it were on. */
function previewed(rule: RuleView | null, document: string) {
  const { name, base, when = rule?.when } = JSON.parse(document);
  return { rules: [{ key: rule?.key ?? "preview", name, base, when, on: true }] };
}

function State({ rule, dirty }: { rule: RuleView | null; dirty: boolean }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {rule?.on ? "It is on" : "It is off"}
        </Text>
        <Text as="p" tone="subdued">
          {rule === null
            ? "A new custom event is off until you have saved it and switched it on."
            : "Switching acts on new events only. The event it is made of stays as it is."}
        </Text>
        {rule === null ? null : (
          <InlineStack gap="200" blockAlign="center">
            <RuleSwitch rule={rule} disabled={dirty && !rule.on} />
            {dirty && !rule.on ? <Text as="span">Save your changes first.</Text> : null}
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

export const ErrorBoundary = PageFault;
