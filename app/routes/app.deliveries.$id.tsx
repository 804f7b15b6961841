import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Badge, BlockStack, Card, DescriptionList, InlineStack, Link, Page, Text } from "@shopify/polaris";
import { DeliveredKeys } from "../components/delivered-keys";
import { Instant } from "../components/instant";
import { LedgerLines } from "../components/ledger-lines";
import { OutcomeBadge } from "../components/outcome-badge";
import { PageFault } from "../components/page-fault";
import { Parity } from "../components/parity";
import { prettyJson, Verbatim } from "../components/verbatim";
import { consentWords } from "../diagnostics/consent-words";
import type { AttemptLine, Delivery } from "../diagnostics/deliveries";
import { deliveryOf } from "../diagnostics/deliveries.server";
import { parityOfRow } from "../diagnostics/parity.server";
import { wordsOf } from "../diagnostics/words";
import { TR_WORDS } from "../events/browser-copy";
import { rowIdOf } from "../events/row-id";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Delivery – Tandem" }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const id = rowIdOf(params.id);
  const { db, store } = running();
  const delivery = id === null ? null : await deliveryOf(db, shop, id);
  if (delivery === null) throw new Response("There is no such delivery.", { status: 404 });
  const lines = await store.linesOfRow(shop.id, delivery.id);
  return {
    delivery,
    ledger: lines.map(({ n, sealedAt, outcome, reason, hash, current }) => ({
      n,
      sealedAt,
      outcome,
      reason,
      hash,
      current,
    })),
    parity: await parityOfRow(store, shop, delivery.id),
    says: delivery.reason === null ? null : wordsOf(delivery.reason),
    consent: delivery.consent === null ? null : consentWords(delivery.consent),
    timezone: shop.timezone,
  };
}

export default function DeliveryPage() {
  const { delivery, ledger, parity, says, consent, timezone } = useLoaderData<typeof loader>();
  return (
    <Page
      title={delivery.event}
      subtitle={delivery.eventId}
      titleMetadata={<OutcomeBadge outcome={delivery.outcome} />}
      backAction={{ content: "Deliveries", url: "/app/deliveries" }}
      {...(MAY_BE_REPLAYED.has(delivery.outcome) && {
        primaryAction: { content: "Look what a replay would do", url: replayUrl(delivery) },
      })}
    >
      <BlockStack gap="400">
        <Card>
          <DescriptionList
            items={[
              { term: "Happened", description: <Instant at={delivery.eventTime} timezone={timezone} /> },
              {
                term: "Arrived",
                description: (
                  <>
                    <Instant at={delivery.receivedAt} timezone={timezone} />, by {delivery.topic}
                  </>
                ),
              },
              ...(delivery.orderId === null ? [] : [{ term: "Order", description: delivery.orderId }]),
              { term: "Dataset", description: delivery.dataset },
              ...(says === null
                ? []
                : [{ term: "Why", description: <Why says={says} reason={delivery.reason ?? ""} /> }]),
              ...(delivery.replayedAt === null
                ? []
                : [
                    {
                      term: "Replayed",
                      description: (
                        <>
                          A person brought it back, <Instant at={delivery.replayedAt} timezone={timezone} />
                        </>
                      ),
                    },
                  ]),
              ...(delivery.runAt === null
                ? []
                : [{ term: "Next try", description: <Instant at={delivery.runAt} timezone={timezone} /> }]),
            ]}
          />
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Legs
            </Text>
            <DescriptionList
              items={[
                {
                  term: "Browser",
                  description:
                    delivery.browserCopy === null
                      ? "The pixel said nothing of a copy of its own."
                      : TR_WORDS[delivery.browserCopy].says,
                },
                {
                  term: "Server",
                  description: delivery.attempts.length === 0 ? "Nothing was sent." : SERVER_SENT,
                },
              ]}
            />
          </BlockStack>
        </Card>
        {parity === null ? null : (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Do both copies match?
              </Text>
              <Parity parity={parity} />
            </BlockStack>
          </Card>
        )}
        {delivery.keys === null ? null : (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Match keys
              </Text>
              <DeliveredKeys keys={delivery.keys} />
            </BlockStack>
          </Card>
        )}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              What was sent
            </Text>
            <Sent {...delivery} />
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Attempts
            </Text>
            {delivery.attempts.length === 0 ? (
              <Text as="p" tone="subdued">
                Meta was not asked.
              </Text>
            ) : (
              delivery.attempts.map((attempt) => <Attempt key={attempt.id} attempt={attempt} timezone={timezone} />)
            )}
          </BlockStack>
        </Card>
        {ledger.length === 0 ? null : (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                Ledger
              </Text>
              <LedgerLines lines={ledger} timezone={timezone} />
            </BlockStack>
          </Card>
        )}
        {delivery.consent === null ? null : (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                {CONSENT_TITLES[delivery.outcome] ?? "Consent"}
              </Text>
              {consent === null ? null : (
                <DescriptionList
                  items={[
                    { term: "Known", description: consent.known },
                    { term: "Ruling", description: consent.ruling },
                    {
                      term: "By",
                      description: (
                        <>
                          <Link url="/app/consent">{consent.policy}</Link>
                          {consent.at === null ? null : (
                            <>
                              , <Instant at={consent.at} timezone={timezone} />
                            </>
                          )}
                        </>
                      ),
                    },
                  ]}
                />
              )}
              <Verbatim label="Consent decision" text={prettyJson(delivery.consent)} />
            </BlockStack>
          </Card>
        )}
      </BlockStack>
    </Page>
  );
}

const MAY_BE_REPLAYED: ReadonlySet<Delivery["outcome"]> = new Set(["rejected", "dead"]);

function replayUrl({ id, outcome }: Pick<Delivery, "id" | "outcome">): string {
  return `/app/replay?${new URLSearchParams({ outcome, delivery: String(id) })}`;
}

const CONSENT_TITLES: Partial<Record<Delivery["outcome"], string>> = {
  accepted: "Why was this sent?",
  withheld: "Why was this not sent?",
};

const SERVER_SENT = "Sent to Meta's Conversions API; what it answered stands below.";

function Why({ says, reason }: { says: string; reason: string }) {
  return (
    <>
      {says}{" "}
      <Text as="span" tone="subdued">
        ({reason})
      </Text>
    </>
  );
}

/** Set out line by line for reading; the digest is of the bytes as they travelled. */
function Sent({ sent, sentHash: hash, attempts }: Pick<Delivery, "sent" | "sentHash" | "attempts">) {
  if (sent === null) {
    const underWay = "Meta was asked, and the event is still under way: what was sent is kept once it has ended.";
    return (
      <Text as="p" tone="subdued">
        {hash !== null
          ? `The bytes are not kept any more, or cannot be opened; their SHA-256 is ${hash}.`
          : attempts.length > 0
            ? underWay
            : "Nothing."}
      </Text>
    );
  }
  return (
    <BlockStack gap="200">
      <Verbatim label="The event as it was sent" text={prettyJson(sent)} />
      <Text as="p" tone="subdued" breakWord>
        SHA-256 of the bytes: {hash}
      </Text>
    </BlockStack>
  );
}

function Attempt({ attempt, timezone }: { attempt: AttemptLine; timezone: string | null }) {
  const { at, ms, events, status, verdict, answer, byPerson } = attempt;
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" blockAlign="center">
        <Badge tone={verdict === "accepted" ? "success" : "attention"}>{verdict}</Badge>
        <Text as="span">
          <Instant at={at} timezone={timezone} />
        </Text>
        <Text as="span" tone="subdued">
          {status === null ? "no answer" : `HTTP ${status}`}, {ms} ms,{" "}
          {events === 1 ? "alone" : `among ${events} events`}
          {byPerson ? ", a person's attempt" : ""}
        </Text>
      </InlineStack>
      <Verbatim label="Meta's answer" text={answer ?? "not kept any more, or cannot be opened"} />
    </BlockStack>
  );
}

export const ErrorBoundary = PageFault;
