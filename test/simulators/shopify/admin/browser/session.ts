import type { Config } from "./config";
import { leaveTo } from "./leave";

const plainFetch = window.fetch.bind(window);

/** A session token that is good for a minute from now. */
export async function freshToken({ apiKey, shop }: Config): Promise<string> {
  const query = new URLSearchParams({ key: apiKey, shop });
  const response = await plainFetch(`/stand-in/session-token?${query}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`The admin gave no session token: ${text}`);
  return text;
}

/** Requests to the app carry a token: https://shopify.dev/docs/api/app-home/apis/resource-fetching */
export function authoriseFetch(config: Config): void {
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin || request.headers.has("authorization")) {
      return plainFetch(request);
    }
    const again = request.clone();
    const response = await withToken(request, config);
    if (response.headers.get("x-shopify-retry-invalid-session-request") === "1") return withToken(again, config);
    const reauthorise = response.headers.get("x-shopify-api-request-failure-reauthorize-url");
    if (reauthorise !== null) leaveTo(reauthorise);
    return response;
  };
}

async function withToken(request: Request, config: Config): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${await freshToken(config)}`);
  headers.set("x-requested-with", "XMLHttpRequest");
  return plainFetch(new Request(request, { headers }));
}

/**
 * The library's bounce page is a page without content whose address says where to come back to with a new token:
 * https://shopify.dev/docs/apps/build/authentication-authorization/set-embedded-app-authorization
 */
export async function reloadWithToken(config: Config): Promise<void> {
  const back = new URLSearchParams(location.search).get("shopify-reload");
  if (back === null) return;
  const url = new URL(back, location.origin);
  url.searchParams.set("id_token", await freshToken(config));
  location.replace(url);
}
