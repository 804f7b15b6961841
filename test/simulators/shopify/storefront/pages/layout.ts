import type { PageState } from "../pixel/page";
import { isAsked, privacyOf } from "../pixel/privacy";
import { COUNTRY_CODES, countryOf } from "../tables/countries";
import { embedded, type Html, html } from "./html";

interface Parts {
  state: PageState;
  main: Html;
  /** The checkout stands alone: no search, no cart. */
  bare: boolean;
  /** Of apps, before </body>. */
  embed: Html;
}

/** The whole document around what a page shows. */
export function layout({ state, main, bare, embed }: Parts): string {
  const { shop, title } = state;
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/storefront-assets/style.css">
</head>
<body>
  <a class="skip" href="#main">Skip to content</a>
  <p class="promise">Free of charge, free of stock: an invented shop for trying things out</p>
  <header class="top">
    <a class="brand" href="/">${leaf()}<span>${shop.name}</span></a>
    ${bare ? html`<span class="secure">Checkout</span>` : navigation(state)}
  </header>
  <main id="main" tabindex="-1">${main}</main>
  ${footer(state)}
  ${banner(state)}
  <script type="application/json" id="page-state">${embedded(state)}</script>
  <script src="/storefront-assets/storefront.js" defer></script>
  ${embed}
</body>
</html>`.text;
}

function leaf(): Html {
  return html`<svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true"><path d="M27 4C13 4 5 10 5 20c0 3 1 5 2 7 2-8 7-13 13-16-5 4-9 9-11 17 12 1 18-7 18-24z" fill="currentColor"/></svg>`;
}

function navigation({ cart }: PageState): Html {
  const count = cart?.totalQuantity ?? 0;
  return html`
    <form class="search" role="search" action="/search">
      <label class="hidden" for="search">Search the shop</label>
      <input id="search" type="search" name="q" placeholder="Search" autocomplete="off">
      <button aria-label="Search"><svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d="M9 3a6 6 0 1 0 3.6 10.8l3.3 3.3 1.2-1.2-3.3-3.3A6 6 0 0 0 9 3zm0 1.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4z" fill="currentColor"/></svg></button>
    </form>
    <a class="to-cart" href="/cart">Cart <span class="count" id="cart-count" data-count="${count}">${count}</span><span class="hidden"> pieces</span></a>`;
}

function footer({ country, choices }: PageState): Html {
  const options = COUNTRY_CODES.map(
    (code) => html`<option value="${code}" ${code === country && html`selected`}>${countryOf(code).name}</option>`,
  );
  const { saleOptOut, consent } = countryOf(country);
  const optedOut = !privacyOf(country, choices).saleOfDataAllowed;
  return html`
  <footer class="bottom">
    <div class="bottom-choices">
      <label>You are shopping from:
        <select id="country">${options}</select>
      </label>
      ${
        saleOptOut &&
        html`<label class="switch"><input type="checkbox" role="switch" id="sale-opt-out" ${optedOut && html`checked`}>
        <span>Do not sell my data</span></label>`
      }
      ${consent === "asked" && html`<button type="button" class="plain" id="reopen-consent">Cookie preferences</button>`}
    </div>
    <p>Nothing here is for sale. People, prices and goods are made up.</p>
  </footer>`;
}

function banner({ country, choices }: PageState): Html {
  return html`
  <section class="consent" id="consent" aria-labelledby="consent-title" ${!isAsked(country, choices) && html`hidden`}>
    <div>
      <h2 id="consent-title">A word about cookies</h2>
      <p>With your consent we measure which of our advertisements bring visitors, together with Meta. The shop works either way.</p>
    </div>
    <div class="consent-buttons">
      <button type="button" class="quiet" data-consent="refused">Decline</button>
      <button type="button" class="button" data-consent="given">Accept</button>
    </div>
  </section>`;
}
