import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { ShopifyError } from "@shopify/shopify-api";
import { serverEnv } from "../env.server";
import { strayDestination } from "../http/destinations";
import { guardPage } from "../http/security-headers.server";
import { shopify } from "../shopify.server";

/** The page that leads out of the frame, once it has a session token. */
const EXIT = "/auth/exit-iframe";

/** Where Shopify's library speaks for itself: the page that fetches a session token, and the way out of the frame. */
export async function loader({ request }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  // Where the library sends who names no shop. A shop's admin is the only way in, and the landing page says so.
  if (url.pathname === "/auth/login") throw redirect("/");
  const stray = strayDestination(url.searchParams, serverEnv().SHOPIFY_APP_URL);
  if (stray !== null) throw new Response(`${stray} leads out of this app`, { status: 400 });
  if (url.pathname === EXIT && !url.searchParams.get("exitIframe")) {
    throw new Response("exitIframe is missing: it says where to go on to", { status: 400 });
  }
  try {
    await shopify().authenticate.admin(request);
    return null;
  } catch (answer) {
    // The library goes on to no address with blanks or doubled slashes, and to none by plain http.
    if (url.pathname === EXIT && answer instanceof ShopifyError)
      throw new Response("exitIframe is no address to go on to", { status: 400 });
    const isPage = answer instanceof Response && answer.headers.get("content-type")?.startsWith("text/html");
    throw isPage ? await guardPage(answer, request.url) : answer;
  }
}
