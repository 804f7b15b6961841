import type { NavigationLink } from "./messages";

/** `ui-nav-menu` and `s-app-nav`: seen in the admin's navigation, not in the app. */
export function navigationElement(report: (links: NavigationLink[]) => void): CustomElementConstructor {
  return class extends HTMLElement {
    readonly #observer = new MutationObserver(() => this.#report());

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).innerHTML = "<style>:host { display: none }</style><slot></slot>";
    }

    connectedCallback(): void {
      this.#observer.observe(this, { subtree: true, childList: true, characterData: true, attributes: true });
      this.#report();
    }

    disconnectedCallback(): void {
      this.#observer.disconnect();
      report([]);
    }

    #report(): void {
      // rel="home" is the app's own entry: https://shopify.dev/docs/api/app-home/app-bridge-web-components/app-nav
      const links = [...this.querySelectorAll("a[href], s-link[href]")].filter(
        (link) => link.getAttribute("rel") !== "home",
      );
      report(links.map((link) => ({ label: link.textContent?.trim() ?? "", href: link.getAttribute("href") ?? "" })));
    }
  };
}
