import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { Link, Outlet, useLoaderData, useNavigation, useRouteError } from "@remix-run/react";
import { NavMenu, useAppBridge } from "@shopify/app-bridge-react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useEffect } from "react";
import { serverEnv } from "../env.server";
import { authenticateAdmin } from "../shopify.server";

export const links = () => [{ rel: "stylesheet", href: polarisStyles }];

export async function loader({ request }: LoaderFunctionArgs) {
  await authenticateAdmin(request);
  return { apiKey: serverEnv().SHOPIFY_API_KEY };
}

export default function App() {
  const { apiKey } = useLoaderData<typeof loader>();
  return (
    <AppProvider isEmbeddedApp apiKey={apiKey}>
      <NavMenu>
        <Link to="/app" rel="home">
          Overview
        </Link>
        <Link to="/app/events">Events</Link>
        <Link to="/app/sources">Sources</Link>
        <Link to="/app/consent">Consent</Link>
        <Link to="/app/rules">Custom events</Link>
        <Link to="/app/deliveries">Deliveries</Link>
        <Link to="/app/test-events">Test events</Link>
        <Link to="/app/reconciliation">Reconciliation</Link>
        <Link to="/app/replay">Replay</Link>
        <Link to="/app/alerts">Alerts</Link>
        <Link to="/app/match-quality">Match quality</Link>
        <Link to="/app/parity">Both copies</Link>
        <Link to="/app/health">Health</Link>
        <Link to="/app/privacy">Privacy</Link>
        <Link to="/app/settings">Settings</Link>
      </NavMenu>
      <LoadingBar />
      <Outlet />
    </AppProvider>
  );
}

/** The admin's own loading bar, while a page is on its way. */
function LoadingBar() {
  const bridge = useAppBridge();
  const loading = useNavigation().state !== "idle";
  useEffect(() => bridge.loading(loading), [bridge, loading]);
  return null;
}

// Shopify's library answers with thrown Responses; its boundary keeps their headers.
export function ErrorBoundary() {
  return boundary.error(useRouteError());
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
