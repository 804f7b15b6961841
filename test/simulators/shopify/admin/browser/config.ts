/** What the admin told the page: in its address, and for the pages after it in this tab. */
export interface Config {
  apiKey: string;
  shop: string;
  host: string;
  locale: string;
}

const KEPT = "stand-in-app-bridge-config";
const TOLD = ["shop", "host", "locale"] as const;

export function readConfig(script: HTMLScriptElement | null): Config {
  const apiKey =
    script?.dataset.apiKey ?? document.querySelector<HTMLMetaElement>('meta[name="shopify-api-key"]')?.content ?? "";
  const parameters = new URLSearchParams(location.search);
  const told = TOLD.flatMap((name) => (parameters.has(name) ? [[name, parameters.get(name)]] : []));
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  const config = { shop: "", host: "", locale: "en", ...kept, ...Object.fromEntries(told), apiKey };
  sessionStorage.setItem(KEPT, JSON.stringify(config));
  return config;
}
