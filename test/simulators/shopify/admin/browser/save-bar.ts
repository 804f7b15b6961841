import { confirmLoss } from "./confirm";

/** As high as the bar with the app's name, whose place it takes. */
const BAR_PX = 52;

/**
 * The bar over a page with unsaved changes. Its buttons stay where the app has put them and are shown through a slot, so
 * that a click reaches the app's own handlers: https://shopify.dev/docs/api/app-home/apis/save-bar
 */
const STYLE = `
:host { display: none; }
:host(:state(showing)) { display: block; position: fixed; z-index: 520; inset: 0 0 auto; box-sizing: border-box; height: ${BAR_PX}px; padding: 4px 8px; background: #fff; border-bottom: 1px solid #dcdcdc; }
div { display: flex; align-items: center; gap: 8px; box-sizing: border-box; max-width: 640px; height: 43px; margin: 0 auto; padding: 0 8px 0 14px; border-radius: 10px; background: #1a1a1a; color: #fff; font: 550 13px/20px Inter, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
span { flex: 1; min-width: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
svg { flex: none; }
::slotted(button) { order: 1; position: relative; flex: none; min-height: 28px; padding: 4px 12px !important; border: 0 !important; border-radius: 8px !important; background: #4a4a4a !important; color: #fff !important; font-weight: 600 !important; font-size: 12px !important; line-height: 16px !important; font-family: inherit !important; cursor: pointer; }
::slotted(button:hover) { background: #5c5c5c !important; }
::slotted(button[variant=primary]) { order: 2; background: #fff !important; color: #303030 !important; }
::slotted(button[variant=primary]:hover) { background: #e3e3e3 !important; }
::slotted(button:disabled) { opacity: .5; cursor: default; }
::slotted(button:empty)::before { content: "Discard"; }
::slotted(button[variant=primary]:empty)::before { content: "Save"; }
::slotted(button[loading]:not([loading=false])) { color: transparent !important; pointer-events: none; }
::slotted(button[loading]:not([loading=false]))::after { content: ""; position: absolute; inset: calc(50% - 8px) auto auto calc(50% - 8px); width: 16px; height: 16px; border: 2px solid #8a8a8a; border-top-color: transparent; border-radius: 50%; animation: turn .7s linear infinite; }
@keyframes turn { to { rotate: 1turn; } }
`;
const ICON =
  '<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d="M10 3.2 18 16.8H2L10 3.2Zm0 5v4m0 2.2v.1" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>';

const LEAVING = {
  title: "Leave page with unsaved changes?",
  text: "Leaving this page will delete all unsaved changes.",
  yes: "Leave page",
  no: "Stay",
};
const DISCARDING = {
  title: "Discard all unsaved changes?",
  text: "If you discard changes, you'll delete any edits you made since you last saved.",
  yes: "Discard changes",
  no: "Continue editing",
};

export class SaveBar extends HTMLElement {
  readonly #internals = this.attachInternals();
  #confirmed = false;

  constructor() {
    super();
    this.attachShadow({
      mode: "open",
    }).innerHTML = `<style>${STYLE}</style><div role="region" aria-label="Unsaved changes">${ICON}<span>Unsaved changes</span><slot></slot></div>`;
    this.addEventListener("click", (event) => this.#beforeDiscard(event), { capture: true });
  }

  disconnectedCallback(): void {
    makeRoom();
  }

  get showing(): boolean {
    return this.#internals.states.has("showing");
  }

  get discardConfirmation(): boolean {
    return ![null, "false"].includes(this.getAttribute("discardConfirmation"));
  }

  set discardConfirmation(on: boolean) {
    this.toggleAttribute("discardConfirmation", on);
  }

  async show(): Promise<void> {
    if (this.showing) return;
    this.#internals.states.add("showing");
    makeRoom();
    this.dispatchEvent(new Event("show"));
  }

  async hide(): Promise<void> {
    if (!this.showing) return;
    this.#internals.states.delete("showing");
    makeRoom();
    this.dispatchEvent(new Event("hide"));
  }

  async toggle(): Promise<void> {
    await (this.showing ? this.hide() : this.show());
  }

  #beforeDiscard(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button === null || button.getAttribute("variant") === "primary" || !this.discardConfirmation) return;
    if (this.#confirmed) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    void confirmLoss(DISCARDING).then((discard) => {
      if (!discard) return;
      this.#confirmed = true;
      button.click();
      this.#confirmed = false;
    });
  }
}

function showingBars(): SaveBar[] {
  return [...document.querySelectorAll<SaveBar>("ui-save-bar")].filter((bar) => bar.showing);
}

let tellAdmin: (showing: boolean) => void = () => undefined;

/** Keeps the admin told of whether a bar is to be seen. */
export function watchSaveBars(tell: (showing: boolean) => void): void {
  tellAdmin = tell;
  tell(false);
}

/** The admin takes its own bar away, and the page moves out of the way of this one. */
function makeRoom(): void {
  const showing = showingBars().length > 0;
  document.documentElement.style.paddingTop = showing ? `${BAR_PX}px` : "";
  tellAdmin(showing);
}

function saveBar(id: string): SaveBar {
  const found = document.getElementById(id);
  if (found instanceof SaveBar) return found;
  throw new Error(`There is no ui-save-bar with the id ${id}`);
}

export const saveBarApi = {
  show: (id: string) => saveBar(id).show(),
  hide: (id: string) => saveBar(id).hide(),
  toggle: (id: string) => saveBar(id).toggle(),
  /** Resolves when nothing is unsaved or the merchant lets it go; for one who stays, never. */
  async leaveConfirmation(): Promise<void> {
    const showing = showingBars();
    if (showing.length === 0) return;
    if (!(await confirmLoss(LEAVING))) return new Promise(() => undefined);
    for (const bar of showing) await bar.hide();
  },
};
