import type { Answer } from "../http";
import { mintSessionToken } from "../session-token";
import type { TokenDesk } from "../token-endpoint";
import { APP_PAGE, hostOf, shownBy } from "./addresses";
import { factsOf, type ShopFacts } from "./shop-facts";

interface Shell {
  shop: string;
  now: () => number;
  desk: TokenDesk;
  api: { facts: Partial<ShopFacts> };
  storefront: object | null;
}

/** A page of the shop's admin: the app in its frame, or a word on what is not played here. */
export function shellPage(url: URL, shell: Shell): Answer {
  const { name } = factsOf(shell.shop, shell.api.facts);
  const shown = shownBy(url);
  return {
    status: 200,
    // As Shopify's admin: no page may frame it.
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "x-frame-options": "DENY" },
    body: page({
      name,
      shop: shell.shop,
      online: shell.storefront !== null,
      content: shown === null ? elsewhere(url.pathname) : frame(addressInFrame(shown, shell)),
      inApp: shown !== null,
    }),
  };
}

/** https://shopify.dev/docs/apps/build/authentication-authorization/app-installation#parameters */
function addressInFrame(shown: string, { shop, desk, now }: Shell): string {
  const address = new URL(shown, "http://stand-in");
  const parameters = {
    embedded: "1",
    shop,
    host: hostOf(shop),
    id_token: mintSessionToken(desk.app, shop, { now: now() }),
    locale: "en",
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return `${address.pathname}${address.search}`;
}

function frame(address: string): string {
  return `<iframe id="app" name="app-iframe" title="Tandem" src="${html(address)}"></iframe>`;
}

function elsewhere(pathname: string): string {
  return `<div class="elsewhere"><div class="card"><h1>${html(titleOf(pathname))}</h1>
    <p>This part of Shopify's admin is not played by the stand-in.</p>
    <p><a class="button" href="${APP_PAGE}">Back to Tandem</a></p></div></div>`;
}

/** `/admin/settings/customer_events` → Settings › Customer events */
function titleOf(pathname: string): string {
  const parts = decodeURI(pathname).split("/").slice(2).filter(Boolean);
  return parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1).replaceAll("_", " ")).join(" › ");
}

interface Page {
  name: string;
  shop: string;
  online: boolean;
  content: string;
  inApp: boolean;
}

function page({ name, shop, online, content, inApp }: Page): string {
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join("")
    .slice(0, 2);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${html(name)} · Tandem</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/stand-in/admin.css">
<script src="/stand-in/admin.js" defer></script>
</head>
<body>
<header class="top">
  <button type="button" class="burger" aria-label="Menu" aria-expanded="false" aria-controls="navigation">${ICONS.menu}</button>
  <a class="brand" href="/admin">${ICONS.bag}<span>Admin</span><small>stand-in</small></a>
  <div class="shop" title="${html(shop)}"><span class="shop-name">${html(name)}</span><span class="avatar" aria-hidden="true">${html(initials)}</span></div>
</header>
<div class="loading" id="loading" hidden></div>
<nav id="navigation" aria-label="Admin">
  <p class="heading">Apps</p>
  <ul id="links">
    <li><a href="${APP_PAGE}" class="app-link" data-root${inApp ? ' aria-current="page"' : ""}>${ICONS.app}<span>Tandem</span></a></li>
  </ul>
  ${online ? `<p class="heading">Sales channels</p><ul><li><a href="/" target="_blank" rel="noopener">${ICONS.store}<span>Online Store</span></a></li></ul>` : ""}
  <p class="note">${html(shop)}<br>Plays Shopify on this machine. <a href="/record" target="_blank" rel="noopener">Record</a></p>
</nav>
<div class="shade" id="shade" hidden></div>
<main>
  ${inApp ? `<div class="app-bar">${ICONS.app}<strong>Tandem</strong></div>` : ""}
  ${content}
</main>
</body>
</html>
`;
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

const icon = (path: string) => `<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">${path}</svg>`;
const stroke = 'fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"';

const ICONS = {
  menu: icon(`<path ${stroke} d="M3.5 5.5h13M3.5 10h13M3.5 14.5h13"/>`),
  bag: icon(`<path ${stroke} d="M4.5 7h11l.9 9.5H3.6L4.5 7Zm3 2.5V6a2.5 2.5 0 0 1 5 0v3.5"/>`),
  store: icon(
    `<path ${stroke} d="M4 9.5v6.5h12V9.5M3 7l1.3-3h11.4L17 7a2.3 2.3 0 0 1-4.6 0 2.3 2.3 0 0 1-4.7 0A2.3 2.3 0 0 1 3 7Z"/>`,
  ),
  app: icon(
    '<rect width="20" height="20" rx="5" fill="#4b3f72"/><circle cx="7" cy="11.5" r="3" fill="none" stroke="#fff" stroke-width="1.6"/><circle cx="13" cy="11.5" r="3" fill="none" stroke="#f0a06b" stroke-width="1.6"/><path d="M7 11.5 10 6l3 5.5" fill="none" stroke="#fff" stroke-width="1.3" stroke-linejoin="round"/>',
  ),
};
