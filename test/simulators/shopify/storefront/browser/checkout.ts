import type { SumRow } from "../pages/sums";
import type { PixelPage } from "../pixel/page";
import type { StepAnswer } from "../server/api";
import type { CountryCode } from "../tables/countries";
import { PEOPLE } from "../tables/people";
import { FieldRefused, takeStep } from "./steps";

const ORDER = ["contact", "address", "payment"] as const;
type StepName = (typeof ORDER)[number];

/** How long the bank seems to think. */
const PAYING_MS = 700;

/** The three steps of the checkout page. */
export function followCheckout(page: PixelPage, country: CountryCode): void {
  const token = document.querySelector<HTMLElement>("[data-checkout]")?.dataset.checkout;
  if (token === undefined) return;
  const take = (name: string, body: unknown) => takeStep(page, `checkouts/${token}/${name}`, body);

  const submit: { readonly [name in StepName]: (form: HTMLFormElement) => Promise<void> } = {
    async contact(form) {
      const { email } = fieldsOf(form);
      show(await take("contact", { email }));
      finish("contact", String(email));
    },
    async address(form) {
      const { handle, ...address } = fieldsOf(form);
      await take("address", address);
      show(await take("shipping", { handle }));
      finish(
        "address",
        `${address.firstName} ${address.lastName}, ${address.address1}, ${address.zip} ${address.city}`,
      );
    },
    async payment(form) {
      await take("payment", {});
      await new Promise((resolve) => setTimeout(resolve, PAYING_MS));
      const { next } = await take("complete", fieldsOf(form));
      if (next !== undefined) location.assign(next);
    },
  };

  for (const name of ORDER) {
    const form = sectionOf(name)?.querySelector("form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void whileBusy(form, () => submit[name](form));
    });
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-change]")) {
    button.addEventListener("click", () => open(button.dataset.change as StepName));
  }
  const discount = document.getElementById("discount");
  if (discount instanceof HTMLFormElement) {
    discount.addEventListener("submit", (event) => {
      event.preventDefault();
      void whileBusy(discount, async () => show(await take("discount", fieldsOf(discount))));
    });
  }
  document.getElementById("sample-buyer")?.addEventListener("click", () => fillIn(country));
}

function sectionOf(name: StepName): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-step="${name}"]`);
}

/** Opens a step; those before it are done, those after it are still ahead. */
function open(name: StepName): void {
  for (const [index, other] of ORDER.entries()) {
    const state = other === name ? "open" : index < ORDER.indexOf(name) ? "done" : "ahead";
    sectionOf(other)?.setAttribute("data-state", state);
  }
  sectionOf(name)?.querySelector<HTMLElement>("h2")?.focus();
}

function finish(name: StepName, said: string): void {
  const shown = sectionOf(name)?.querySelector(".said");
  if (shown) shown.textContent = said;
  const next = ORDER[ORDER.indexOf(name) + 1];
  if (next !== undefined) open(next);
}

function fieldsOf(form: HTMLFormElement): Record<string, FormDataEntryValue> {
  return Object.fromEntries(new FormData(form));
}

/** One sending at a time; what the shop will not take is said beside the field. */
async function whileBusy(form: HTMLFormElement, work: () => Promise<void>): Promise<void> {
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  for (const error of form.querySelectorAll(".error")) error.textContent = "";
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  try {
    await work();
  } catch (error) {
    refuse(form, error);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function refuse(form: HTMLFormElement, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const name = error instanceof FieldRefused ? error.field : "";
  const field = form.elements.namedItem(name);
  const beside = document.getElementById(`${name}-error`) ?? form.querySelector(".error");
  if (beside !== null) beside.textContent = message;
  if (!(field instanceof HTMLElement)) return;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

function show({ sums }: StepAnswer): void {
  if (sums !== undefined) document.getElementById("sums")?.replaceChildren(...sums.map(sumRow));
}

function sumRow({ label, value, strong }: SumRow): HTMLElement {
  const row = document.createElement("div");
  if (strong) row.className = "strong";
  const term = document.createElement("dt");
  term.textContent = label;
  const amount = document.createElement("dd");
  amount.textContent = value;
  row.append(term, amount);
  return row;
}

function fillIn(country: CountryCode): void {
  const { email, address } = PEOPLE[country];
  for (const [name, value] of Object.entries({ email, ...address })) {
    const field = document.getElementById(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value ?? "";
  }
}
