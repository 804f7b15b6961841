import type { Cart } from "../commerce/cart";
import { price } from "../commerce/pricing";
import { type CountryCode, countryOf } from "../tables/countries";
import { kindOf } from "./goods";
import { type Html, html } from "./html";
import { formatted } from "./sums";

export function cartPage(cart: Cart | null, country: CountryCode): Html {
  if (cart === null) {
    return html`
    <h1 class="page-title">Your cart is empty</h1>
    <p class="empty"><a class="button" href="/">Find something nice</a></p>`;
  }
  const terms = { country, discount: null, destination: null, shipping: null };
  const { lines, gross } = price(cart.lines, terms, countryOf(country).currency);
  return html`
  <h1 class="page-title">Your cart</h1>
  <div class="cart">
    <ul class="lines">${lines.map(
      ({ product, variant, quantity, gross: sum }) => html`
      <li class="line">
        <img src="/storefront-assets/pictures/${product.picture}.svg" alt="" width="400" height="400">
        <div class="line-name"><a href="/products/${product.handle}?variant=${variant.id}">${product.title}</a>
          <span>${kindOf(variant.id)}</span></div>
        <label class="line-quantity"><span class="hidden">Quantity of ${product.title}</span>
          <input type="number" value="${quantity}" min="0" max="99" data-quantity-of="${variant.id}" inputmode="numeric"></label>
        <span class="line-sum">${formatted(sum, country)}</span>
        <button type="button" class="plain" data-remove="${variant.id}">Remove<span class="hidden"> ${product.title}</span></button>
      </li>`,
    )}</ul>
    <aside class="cart-sum">
      <p><span>Subtotal</span><strong>${formatted(gross, country)}</strong></p>
      <p class="fine">Shipping and tax are worked out at checkout.</p>
      <a class="button wide" href="/checkouts/cn/${cart.token}">Check out</a>
    </aside>
  </div>`;
}
