import type { LoaderFunctionArgs } from "@remix-run/node";
import { guardPage } from "../http/security-headers.server";
import { shopify } from "../shopify.server";

/** Where Shopify's library speaks for itself: the page that fetches a session token, and the way out of the frame. */
export async function loader({ request }: LoaderFunctionArgs) {
  try {
    await shopify().authenticate.admin(request);
    return null;
  } catch (answer) {
    const isPage = answer instanceof Response && answer.headers.get("content-type")?.startsWith("text/html");
    throw isPage ? await guardPage(answer, request.url) : answer;
  }
}
