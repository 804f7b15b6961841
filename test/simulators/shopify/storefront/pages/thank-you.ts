import type { Order } from "../commerce/order";
import { countryOf, SHIPPING } from "../tables/countries";
import { type Html, html } from "./html";
import { sumRows } from "./sums";

export function thankYouPage({ checkout, placed }: Order): Html {
  const { address, shipping } = checkout;
  return html`
  <div class="thanks">
    <svg class="tick" viewBox="0 0 48 48" width="64" height="64" aria-hidden="true"><circle cx="24" cy="24" r="24"/><path d="M14 25l7 7 14-15" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>
    <p class="eyebrow">Order ${placed.name}${placed.test && " · test order"}</p>
    <h1>Thank you${address !== null && `, ${address.firstName}`}.</h1>
    <p>A confirmation would be on its way to ${checkout.email}, if there were any.</p>
    <div class="thanks-facts">
      <dl class="sums">${sumRows(checkout).map(
        ({ label, value, strong }) =>
          html`<div ${strong === true && html`class="strong"`}><dt>${label}</dt><dd>${value}</dd></div>`,
      )}</dl>
      ${
        address !== null &&
        html`<address><strong>Delivery${shipping !== null && `, ${SHIPPING[shipping].title.toLowerCase()}`}</strong>
        ${address.firstName} ${address.lastName}<br>${address.address1}<br>
        ${address.address2 !== null && html`${address.address2}<br>`}
        ${address.zip} ${address.city}<br>${countryOf(address.country).name}</address>`
      }
    </div>
    <details><summary>What Shopify knows it by</summary>
      <dl class="small-facts"><div><dt>Order id</dt><dd><code>${placed.id}</code></dd></div>
      <div><dt>Checkout token</dt><dd><code>${placed.checkoutToken}</code></dd></div></dl></details>
    <a class="button" href="/">Keep looking around</a>
  </div>`;
}
