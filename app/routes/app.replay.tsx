import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useFetcher, useLoaderData, useNavigation, useSearchParams } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { Held } from "../components/held";
import { Instant } from "../components/instant";
import { PageFault } from "../components/page-fault";
import { Ahead } from "../components/replay/ahead";
import { Causes } from "../components/replay/causes";
import type { CauseView, Ahead as View } from "../components/replay/view";
import { counted } from "../counted";
import { heldOf } from "../diagnostics/held.server";
import { wordsOf } from "../diagnostics/words";
import { replayChoice, replayConfirmation, selectionOf } from "../outbox/replay-choice";
import { bringBack, lookAhead, MOST_AT_ONCE, soonTooOld } from "../pipeline/replaying.server";
import { running } from "../running.server";
import type { Shop } from "../settings/registry.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Replay – Tandem" }];

const PER_PAGE = 25;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, store, now } = running();
  const at = now();
  const query = new URL(request.url).searchParams;
  const [causes, held, soon, until, ahead] = await Promise.all([
    store.causesOf(shop.id, at),
    heldOf(db, shop),
    soonTooOld(shop.id, { store, now: at }),
    store.replayedUntil(shop.id, at),
    aheadOf(query, shop, at),
  ]);
  return {
    causes: causes.map(({ reason, datasetId, name, outcome, events, inTime, last }): CauseView => {
      const dataset = shop.datasets.find(({ id }) => id === datasetId)?.dataset ?? "";
      const says = wordsOf(reason ?? "");
      return { outcome, reason: reason ?? "", says, event: name, dataset, events, inTime, last };
    }),
    held,
    soon: soon.replayed,
    moreSoon: soon.more,
    until,
    ahead,
    most: MOST_AT_ONCE,
    several: shop.datasets.length > 1,
    at,
    timezone: shop.timezone,
  };
}

/** What would happen to the group that the address names; null: it names none. */
async function aheadOf(query: URLSearchParams, shop: Shop, now: number): Promise<View | null> {
  const choice = replayChoice.safeParse(Object.fromEntries(query));
  const selection = choice.success ? selectionOf(choice.data, shop) : null;
  if (selection === null) return null;
  const { store, lookups } = running();
  const { result, foretold } = await lookAhead(selection, shop, { store, lookups, now });
  const pages = Math.max(1, Math.ceil(foretold.length / PER_PAGE));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(query.get("page"))) || 1));
  return {
    ...result,
    page,
    pages,
    lines: foretold.slice((page - 1) * PER_PAGE, page * PER_PAGE).map(({ name, reason, ...line }) => ({
      ...line,
      event: name,
      says: reason === null ? null : wordsOf(reason),
    })),
  };
}

interface Answer {
  /** A message for each field that is not as it should be. */
  faults: Record<string, string>;
  /** How many are on their way; null: nothing was done. */
  replayed: number | null;
  lastAt: number | null;
}

const LOOK_AGAIN = "is older than what there is: more events ended so meanwhile, so look again";

/** Lets the group leave that was looked at. */
export async function action({ request }: ActionFunctionArgs): Promise<Answer> {
  const { shop } = await authenticatedShop(request);
  const { store, now } = running();
  const choice = replayConfirmation.safeParse(Object.fromEntries(await request.formData()));
  const nothing = { replayed: null, lastAt: null };
  if (!choice.success) {
    const faults = choice.error.issues.map(({ path, message }) => [String(path[0] ?? "form"), message]);
    return { ...nothing, faults: Object.fromEntries(faults) };
  }
  const selection = selectionOf(choice.data, shop);
  if (selection === null) return { ...nothing, faults: { dataset: "is not connected" } };
  const brought = await bringBack(selection, shop, choice.data, { store, now: now() });
  if (brought === null) return { ...nothing, faults: { form: LOOK_AGAIN } };
  return { faults: {}, replayed: brought.replayed, lastAt: brought.lastAt };
}

export default function ReplayPage() {
  const { causes, held, soon, moreSoon, until, ahead, most, several, at, timezone } = useLoaderData<typeof loader>();
  const [query, setQuery] = useSearchParams();
  const loading = useNavigation().state !== "idle";
  const fetcher = useFetcher<Answer>();
  const choose = (choice: Record<string, string>) => setQuery(choice, { preventScrollReset: true });
  const choice = Object.fromEntries(
    ["outcome", "reason", "dataset", "event", "delivery"].map((name) => [name, query.get(name) ?? ""]),
  );
  const confirm = (doubling: boolean) => {
    const seen = { upTo: String(ahead?.last ?? ""), matched: String(ahead?.matched ?? "") };
    fetcher.submit({ ...choice, ...seen, ...(doubling && { doubling: "1" }) }, { method: "post" });
  };
  const answer = fetcher.data;
  return (
    <Page title="Replay" subtitle="What did not reach Meta, why, and what would happen if it were sent once more.">
      <BlockStack gap="400">
        <div aria-live="polite">{answer === undefined ? null : <Done answer={answer} timezone={timezone} />}</div>
        {until === null ? null : (
          <Banner tone="info" title="Some of what was brought back has yet to leave">
            <p>
              The last of it at about <Instant at={until} timezone={timezone} />. Deliveries shows how each fares.
            </p>
          </Banner>
        )}
        {ahead === null ? null : (
          <Card>
            <BlockStack gap="300">
              <InlineStack align="space-between" blockAlign="center" gap="200">
                <Text as="h2" variant="headingMd">
                  What would happen
                </Text>
                <Button variant="plain" onClick={() => choose({})} loading={loading}>
                  Close
                </Button>
              </InlineStack>
              <Ahead
                ahead={ahead}
                timezone={timezone}
                busy={fetcher.state !== "idle"}
                most={most}
                turn={(page) => choose({ ...choice, page: String(page) })}
                confirm={confirm}
              />
            </BlockStack>
          </Card>
        )}
        <Card>
          <BlockStack gap="300">
            <BlockStack gap="100">
              <Text as="h2" variant="headingMd">
                Refused or given up, by cause
              </Text>
              <Text as="p" tone="subdued">
                Mend the cause first: a setting, a token, a rule. Then all that ended by it can leave at once.
              </Text>
            </BlockStack>
            <Causes
              causes={causes}
              timezone={timezone}
              several={several}
              look={({ outcome, reason, dataset, event }) => choose({ outcome, reason, dataset, event })}
            />
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              Soon too old
            </Text>
            <Text as="p">
              {soon === 0
                ? "No event waits for a later try in the last day that Meta takes it."
                : `${moreSoon ? "More than " : ""}${counted(soon, "event")} ${soon === 1 ? "waits" : "wait"} for a later try in the last day that Meta takes ${soon === 1 ? "it" : "them"}. Tandem tries by itself; you can have them tried now.`}
            </Text>
            {soon === 0 ? null : (
              <InlineStack>
                <Button
                  onClick={() => choose({ outcome: "waiting" })}
                  accessibilityLabel="What would happen to what is soon too old"
                >
                  Look what would happen
                </Button>
              </InlineStack>
            )}
          </BlockStack>
        </Card>
        {held.length === 0 ? null : (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                On hold
              </Text>
              <Text as="p">
                What waits for a dataset on hold leaves by itself once there is a new token, under the same ids. There
                is nothing to replay: sending it another way would have it counted twice.
              </Text>
              {held.map((one) => (
                <Held key={one.dataset} held={one} now={at} timezone={timezone} besideToken={false} />
              ))}
            </BlockStack>
          </Card>
        )}
      </BlockStack>
    </Page>
  );
}

function Done({ answer: { faults, replayed, lastAt }, timezone }: { answer: Answer; timezone: string | null }) {
  if (replayed === null) {
    const words = Object.entries(faults).map(([field, says]) => `${field} ${says}`);
    return <Banner tone="critical" title={`Nothing was done: ${words.join(", ")}.`} />;
  }
  return (
    <Banner tone="success" title={`${counted(replayed, "event")} on the way to Meta.`}>
      {lastAt === null ? null : (
        <p>
          The last leaves at about <Instant at={lastAt} timezone={timezone} />.
        </p>
      )}
    </Banner>
  );
}

export const ErrorBoundary = PageFault;
