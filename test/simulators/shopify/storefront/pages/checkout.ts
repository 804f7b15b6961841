import { type Checkout, sumsOf } from "../commerce/checkout";
import { converted } from "../commerce/pricing";
import { countryOf, SHIPPING, SHIPPING_HANDLES } from "../tables/countries";
import { GATEWAY_NAMES, GATEWAYS } from "../tables/gateways";
import { kindOf } from "./goods";
import { type Html, html } from "./html";
import { formatted, sumRows } from "./sums";

/** Contact, address and payment, one after the other on one page. */
export function checkoutPage(checkout: Checkout): Html {
  const { email, address, shipping } = checkout;
  const open = email === null ? "contact" : address === null || shipping === null ? "address" : "payment";
  return html`
  <h1 class="hidden">Checkout</h1>
  <div class="checkout" data-checkout="${checkout.cartToken}">
    <div class="steps">
      <p class="sample"><button type="button" class="quiet" id="sample-buyer">Fill in a sample buyer</button></p>
      ${step("contact", "Contact", 1, open, email, contactFields(checkout))}
      ${step("address", "Delivery", 2, open, addressLine(checkout), addressFields(checkout))}
      ${step("payment", "Payment", 3, open, null, paymentFields())}
    </div>
    ${summary(checkout)}
  </div>`;
}

type StepName = "contact" | "address" | "payment";
const STEPS: readonly StepName[] = ["contact", "address", "payment"];

function step(name: StepName, title: string, number: number, open: StepName, said: string | null, fields: Html): Html {
  const state = name === open ? "open" : STEPS.indexOf(name) < STEPS.indexOf(open) ? "done" : "ahead";
  return html`
  <section class="step" data-step="${name}" data-state="${state}" aria-labelledby="${name}-title">
    <header><span class="number" aria-hidden="true">${number}</span><h2 id="${name}-title" tabindex="-1">${title}</h2>
      <button type="button" class="plain change" data-change="${name}">Change<span class="hidden"> ${title}</span></button></header>
    <p class="said">${said}</p>
    <form class="fields" novalidate>${fields}</form>
  </section>`;
}

interface FieldOptions {
  value?: string | null;
  type?: string;
  autocomplete: string;
  wide?: boolean;
  optional?: boolean;
}

function field(
  name: string,
  label: string,
  { value, type = "text", autocomplete, wide, optional }: FieldOptions,
): Html {
  return html`
  <p class="field ${wide === true && "wide"}">
    <label for="${name}">${label}${optional === true && html` <span class="fine">(optional)</span>`}</label>
    <input id="${name}" name="${name}" type="${type}" value="${value ?? ""}" autocomplete="${autocomplete}"
      ${optional !== true && html`required`} aria-describedby="${name}-error">
    <span class="error" id="${name}-error"></span>
  </p>`;
}

function contactFields({ email }: Checkout): Html {
  return html`
  ${field("email", "E-mail", { value: email, type: "email", autocomplete: "email", wide: true })}
  <p class="field wide"><button class="button">Continue to delivery</button></p>`;
}

function addressFields({ address, country, shipping }: Checkout): Html {
  const { name, provinces, provinceLabel, zipLabel, shipping: rates, currency } = countryOf(country);
  const codes = Object.entries(provinces);
  return html`
  <p class="field wide fine">Delivery to ${name}. Another country is chosen at the foot of the page.</p>
  ${field("firstName", "First name", { value: address?.firstName ?? null, autocomplete: "given-name" })}
  ${field("lastName", "Last name", { value: address?.lastName ?? null, autocomplete: "family-name" })}
  ${field("address1", "Address", { value: address?.address1 ?? null, autocomplete: "address-line1", wide: true })}
  ${field("address2", "Apartment, suite", { value: address?.address2 ?? null, autocomplete: "address-line2", wide: true, optional: true })}
  ${field("zip", zipLabel, { value: address?.zip ?? null, autocomplete: "postal-code" })}
  ${field("city", "City", { value: address?.city ?? null, autocomplete: "address-level2" })}
  ${
    codes.length > 0 &&
    html`<p class="field wide"><label for="provinceCode">${provinceLabel}</label>
    <select id="provinceCode" name="provinceCode" autocomplete="address-level1" required aria-describedby="provinceCode-error">
      <option value="">Choose</option>
      ${codes.map(([code, text]) => html`<option value="${code}" ${code === address?.provinceCode && html`selected`}>${text}</option>`)}
    </select><span class="error" id="provinceCode-error"></span></p>`
  }
  ${field("phone", "Phone", { value: address?.phone ?? null, type: "tel", autocomplete: "tel", wide: true, optional: true })}
  <fieldset class="field wide rates"><legend>Shipping</legend>
    ${SHIPPING_HANDLES.map(
      (handle) => html`
      <label class="rate"><input type="radio" name="handle" value="${handle}" ${handle === (shipping ?? "standard") && html`checked`}>
        <span>${SHIPPING[handle].title}<small>${SHIPPING[handle].days}</small></span>
        <strong>${formatted(converted(rates[handle], currency), country)}</strong></label>`,
    )}
  </fieldset>
  <p class="field wide"><button class="button">Continue to payment</button></p>`;
}

function paymentFields(): Html {
  return html`
  <p class="field wide"><label for="gateway">How the payment ends</label>
    <select id="gateway" name="gateway" aria-describedby="gateway-help">
      ${GATEWAY_NAMES.map((name) => html`<option value="${name}">${GATEWAYS[name].label}</option>`)}
    </select>
    <span class="fine" id="gateway-help">No card is asked for, and no money moves.</span></p>
  <p class="field wide"><button class="button wide" id="pay">Pay now</button>
    <span class="error" id="payment-error" role="alert"></span></p>`;
}

function addressLine({ address, country, shipping }: Checkout): string | null {
  if (address === null) return null;
  const where = `${address.firstName} ${address.lastName}, ${address.address1}, ${address.zip} ${address.city}, ${countryOf(country).name}`;
  return shipping === null ? where : `${where} · ${SHIPPING[shipping].title}`;
}

function summary(checkout: Checkout): Html {
  const { presentment } = sumsOf(checkout);
  return html`
  <aside class="summary" aria-label="Order summary">
    <h2>Your order</h2>
    <ul class="summary-lines">${presentment.lines.map(
      ({ product, variant, quantity, gross }) => html`
      <li><span class="thumb"><img src="/storefront-assets/pictures/${product.picture}.svg" alt="" width="400" height="400"><b>${quantity}<span class="hidden"> ×</span></b></span>
        <span>${product.title}<small>${kindOf(variant.id)}</small></span><span>${formatted(gross, checkout.country)}</span></li>`,
    )}</ul>
    <form class="discount" id="discount">
      <label class="hidden" for="code">Discount code</label>
      <input id="code" name="code" placeholder="Discount code" value="${checkout.discountCode ?? ""}" autocomplete="off" aria-describedby="code-error">
      <button class="quiet">Apply</button>
      <span class="error" id="code-error" role="alert"></span>
    </form>
    <p class="fine">Try WELCOME10 or FIVEOFF.</p>
    <dl class="sums" id="sums" aria-live="polite">${sumRows(checkout).map(
      ({ label, value, strong }) =>
        html`<div ${strong === true && html`class="strong"`}><dt>${label}</dt><dd>${value}</dd></div>`,
    )}</dl>
  </aside>`;
}
