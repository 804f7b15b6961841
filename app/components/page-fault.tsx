import { isRouteErrorResponse, useRevalidator, useRouteError } from "@remix-run/react";
import { Banner, Page, Text } from "@shopify/polaris";
import { boundary } from "@shopify/shopify-app-remix/server";

/** What a page shows in its own place when it cannot be shown. Shopify's own answers are passed on as they are. */
export function PageFault() {
  const fault = useRouteError();
  const { revalidate, state } = useRevalidator();
  if (isRouteErrorResponse(fault) && fault.status !== 404) return boundary.error(fault);
  const missing = isRouteErrorResponse(fault);
  return (
    <Page title={missing ? "Not found" : "Something went wrong"} backAction={{ content: "Overview", url: "/app" }}>
      <Banner
        tone={missing ? "warning" : "critical"}
        title={missing ? String(fault.data) : "This page could not be made"}
        {...(!missing && { action: { content: "Try again", onAction: revalidate, loading: state === "loading" } })}
      >
        {missing ? null : (
          <Text as="p">
            Nothing is lost: events are received and delivered all the same. If it does not pass, your operator finds
            the cause in the log.
          </Text>
        )}
      </Banner>
    </Page>
  );
}
