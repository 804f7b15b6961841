import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, List, Page, Text } from "@shopify/polaris";
import { PageFault } from "../components/page-fault";
import { prettyJson, Verbatim } from "../components/verbatim";
import { counted } from "../counted";
import { rowIdOf } from "../events/row-id";
import { reportOf } from "../privacy/report.server";
import { whomOf } from "../privacy/requests.server";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

export const meta = () => [{ title: "Report – Tandem" }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { db, now } = running();
  const id = rowIdOf(params.request);
  const asked = { shopId: shop.id, topic: "customers/data_request" };
  const notice = id === null ? null : await db.notice.findFirst({ where: { id, ...asked } });
  const whom = notice === null ? null : whomOf(shop, notice.body);
  if (whom === null) throw new Response("There is no such report, or it is no longer kept.", { status: 404 });
  const report = await reportOf(whom, shop, { db, now });
  return { text: JSON.stringify(report, null, 2), events: report.events.length, visits: report.visits.length };
}

export default function ReportPage() {
  const { text, events, visits } = useLoaderData<typeof loader>();
  return (
    <Page
      title="What is kept of a customer"
      subtitle={`${counted(events, "event")} and ${counted(visits, "remembered visit")}, as of now`}
      backAction={{ content: "Privacy", url: "/app/privacy" }}
      primaryAction={{ content: "Download", onAction: () => download(text) }}
    >
      <BlockStack gap="400">
        <Card>
          <List>
            <List.Item>The file is for the customer who asked. Hand it over within 30 days.</List.Item>
            <List.Item>
              Tandem knows nobody by name: match_keys are SHA-256 of e-mail, phone, name and address, as Meta gets them.
            </List.Item>
            <List.Item>It is made anew each time it is opened; what is no longer kept is not in it.</List.Item>
          </List>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              The report
            </Text>
            <Verbatim label="The report" text={prettyJson(text)} />
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: "customer-data.json" });
  link.click();
  URL.revokeObjectURL(url);
}

export const ErrorBoundary = PageFault;
