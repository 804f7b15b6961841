const STYLE = `
:host { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px 16px; border-bottom: 1px solid #e3e3e3; background: #fff; font: 13px/20px Inter, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
strong { flex: 1; }
::slotted(button) { padding: 4px 12px; border: 1px solid #d4d4d4; border-radius: 8px; background: #fff; font: inherit; cursor: pointer; }
::slotted(button[variant=primary]) { border-color: #303030; background: #303030; color: #fff; }
`;

/** The title with its buttons; Shopify shows it over the frame, here it stands where the app has put it. */
export class TitleBar extends HTMLElement {
  static readonly observedAttributes = ["title"];
  readonly #title = document.createElement("strong");

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = `<style>${STYLE}</style>`;
    root.append(this.#title, document.createElement("slot"));
  }

  attributeChangedCallback(): void {
    this.#title.textContent = this.getAttribute("title") ?? document.title;
  }
}
