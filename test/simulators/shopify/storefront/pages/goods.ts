import { unitPrice } from "../commerce/pricing";
import type { CountryCode } from "../tables/countries";
import { articleOf, ONLY_VARIANT, type Product, type Variant } from "../tables/goods";
import { type Html, html } from "./html";
import { formatted } from "./sums";

export function homePage(products: readonly Product[], country: CountryCode): Html {
  return html`
  <section class="hero">
    <div>
      <p class="eyebrow">Autumn, quietly</p>
      <h1>Good things for slow mornings.</h1>
      <p>Pottery, wool and beeswax from small workshops that we made up ourselves.</p>
      <a class="button" href="#goods">See the collection</a>
    </div>
    <img src="/storefront-assets/pictures/vase.svg" alt="" width="400" height="400">
  </section>
  <h2 id="goods" class="shelf-title">Everything we (do not) sell</h2>
  ${shelf(products, country)}`;
}

export function searchPage(query: string, found: readonly Product[], country: CountryCode): Html {
  const title = query === "" ? "Search" : `${found.length} ${found.length === 1 ? "result" : "results"} for “${query}”`;
  return html`
  <h1 class="page-title">${title}</h1>
  ${found.length > 0 ? shelf(found, country) : html`<p class="empty">Try “linen”, “mug” or “candle”.</p>`}`;
}

export function missingPage(): Html {
  return html`<h1 class="page-title">There is nothing here</h1><p class="empty"><a href="/">Back to the shop</a></p>`;
}

function shelf(products: readonly Product[], country: CountryCode): Html {
  return html`<ul class="shelf">${products.map(
    (product) => html`
    <li><a class="card" href="/products/${product.handle}">
      <img src="/storefront-assets/pictures/${product.picture}.svg" alt="" width="400" height="400">
      <span class="card-title">${product.title}</span>
      <span class="card-maker">${product.vendor}</span>
      <span class="card-price">${fromPrice(product, country)}</span>
    </a></li>`,
  )}</ul>`;
}

function fromPrice({ variants }: Product, country: CountryCode): string {
  const prices = variants.map((variant) => unitPrice(variant, country));
  const lowest = formatted(Math.min(...prices), country);
  return new Set(prices).size === 1 ? lowest : `from ${lowest}`;
}

export function productPage(product: Product, chosen: Variant, country: CountryCode): Html {
  const price = (variant: Variant) => formatted(unitPrice(variant, country), country);
  const kinds = product.variants.map(
    (variant) => html`
      <label class="pill"><input type="radio" name="variant" value="${variant.id}" data-price="${price(variant)}"
        ${variant === chosen && html`checked`}><span>${variant.title}</span></label>`,
  );
  const only = product.variants.length === 1 && chosen.title === ONLY_VARIANT;
  return html`
  <article class="product">
    <img src="/storefront-assets/pictures/${product.picture}.svg" alt="Drawing: ${product.title}" width="400" height="400">
    <div class="product-facts">
      <p class="eyebrow">${product.vendor}</p>
      <h1>${product.title}</h1>
      <p class="price" id="price" aria-live="polite">${price(chosen)}</p>
      <p>${product.description}</p>
      <form id="add-to-cart">
        ${
          only
            ? html`<input type="hidden" name="variant" value="${chosen.id}">`
            : html`<fieldset class="pills"><legend>Choose</legend>${kinds}</fieldset>`
        }
        <div class="add">
          <label>Quantity <input type="number" name="quantity" value="1" min="1" max="20" inputmode="numeric"></label>
          <button class="button">Add to cart</button>
        </div>
        <p class="notice" role="status" id="added"></p>
      </form>
      <dl class="small-facts"><div><dt>Type</dt><dd>${product.type}</dd></div><div><dt>Ships from</dt><dd>our imagination, within a day</dd></div></dl>
    </div>
  </article>`;
}

/** "Sea", or nothing where a product comes in one kind only. */
export function kindOf(variantId: number): string | null {
  const variant = articleOf(variantId)?.variant;
  return variant === undefined || variant.title === ONLY_VARIANT ? null : variant.title;
}
