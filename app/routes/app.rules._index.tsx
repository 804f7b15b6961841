import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useNavigate } from "@remix-run/react";
import { BlockStack, Card, Page } from "@shopify/polaris";
import { Nothing } from "../components/nothing";
import { PageFault } from "../components/page-fault";
import { RulesExplained } from "../components/rule/explained";
import { RuleList } from "../components/rule/list";
import { NEW_RULE, type RuleAnswer, type RuleView } from "../components/rule/view";
import { wordsOfQuestion } from "../diagnostics/rule-words";
import { running } from "../running.server";
import { ruleListForm, withoutRule, withRuleSwitched } from "../settings/rule-forms";
import { parseSettings, type Settings } from "../settings/settings";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Custom events – Tandem" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const rules = shop.settings.rules.map((rule): RuleView => ({ ...rule, asks: wordsOfQuestion(rule.when) }));
  return { rules };
}

/** Switches a rule, or takes it away. */
export async function action({ request }: ActionFunctionArgs): Promise<RuleAnswer> {
  const { shop } = await authenticatedShop(request);
  const parsed = ruleListForm.safeParse(Object.fromEntries(await request.formData()));
  if (!parsed.success) return { ...NOTHING, faults: { form: "cannot be read; load the page again" } };
  const form = parsed.data;
  const change = (settings: Settings) =>
    form.intent === "delete" ? withoutRule(settings, form.key) : withRuleSwitched(settings, form.key, form.on);
  const { store, registry } = running();
  await store.changeSettings(shop.id, (stored) => JSON.stringify(change(parseSettings(stored))));
  await registry.refresh();
  return NOTHING;
}

const NOTHING: RuleAnswer = { faults: {}, saved: null, trial: null };

export default function RulesPage() {
  const { rules } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const add = () => navigate(`/app/rules/${NEW_RULE}`);
  return (
    <Page
      title="Custom events"
      subtitle="Events of your own, made of others by rules: large orders, first orders, views of one collection."
      {...(rules.length > 0 && { primaryAction: { content: "Add a custom event", onAction: add } })}
    >
      <BlockStack gap="400">
        {rules.length === 0 ? (
          <Card>
            <Nothing
              heading="There is no custom event yet"
              hint="Make one, try it on the events that are known, and switch it on when it counts what you want."
              action={{ label: "Add a custom event", run: add }}
            />
          </Card>
        ) : (
          <RuleList rules={rules} />
        )}
        <RulesExplained />
      </BlockStack>
    </Page>
  );
}

export const ErrorBoundary = PageFault;
