const STYLE = `
:host { display: contents; }
dialog { width: min(var(--width, 620px), calc(100vw - 24px)); max-height: calc(100vh - 48px); padding: 0; border: 0; border-radius: 14px; overflow: auto; background: #fff; box-shadow: 0 20px 40px #00000047; }
dialog::backdrop { background: #00000080; }
iframe { display: block; width: 100%; height: 60vh; border: 0; }
`;
const WIDTHS: Readonly<Record<string, string>> = { small: "380px", large: "980px", max: "100vw" };

/** A dialog with the app's own children, or a page of the app: enough for a confirmation or a short form. */
export class Modal extends HTMLElement {
  readonly #dialog = document.createElement("dialog");
  #content: HTMLElement | undefined;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>${STYLE}</style>`;
    root.append(this.#dialog);
    this.#dialog.addEventListener("close", () => this.dispatchEvent(new Event("hide")));
  }

  /** Where app-bridge-react draws the children. */
  get content(): HTMLElement {
    this.#content ??= this.appendChild(document.createElement("div"));
    return this.#content;
  }

  get contentWindow(): Window | null {
    return this.#dialog.querySelector("iframe")?.contentWindow ?? null;
  }

  async show(): Promise<void> {
    if (this.#dialog.open) return;
    this.#dialog.style.setProperty("--width", WIDTHS[this.getAttribute("variant") ?? ""] ?? "620px");
    this.#dialog.replaceChildren(this.#inside());
    this.#dialog.showModal();
    this.dispatchEvent(new Event("show"));
  }

  async hide(): Promise<void> {
    if (this.#dialog.open) this.#dialog.close();
  }

  async toggle(): Promise<void> {
    await (this.#dialog.open ? this.hide() : this.show());
  }

  #inside(): HTMLElement {
    const source = this.getAttribute("src");
    if (source === null) return document.createElement("slot");
    const frame = document.createElement("iframe");
    frame.src = source;
    return frame;
  }
}

function modal(id: string): Modal {
  const found = document.getElementById(id);
  if (found instanceof Modal) return found;
  throw new Error(`There is no ui-modal with the id ${id}`);
}

export const modalApi = {
  show: (id: string) => modal(id).show(),
  hide: (id: string) => modal(id).hide(),
  toggle: (id: string) => modal(id).toggle(),
};
