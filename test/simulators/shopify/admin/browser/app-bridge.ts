import { readConfig } from "./config";
import { followAdminLinks } from "./leave";
import { type FromAdmin, type FromApp, hear, type ToastOptions } from "./messages";
import { Modal, modalApi } from "./modal";
import { navigationElement } from "./nav-menu";
import { navigator, watchLocation } from "./navigation";
import { SaveBar, saveBarApi, watchSaveBars } from "./save-bar";
import { authoriseFetch, freshToken, reloadWithToken } from "./session";
import { TitleBar } from "./title-bar";
import { hideToast, showToast } from "./toasts";

/** Plays https://cdn.shopify.com/shopifycloud/app-bridge.js for the app in the stand-in's admin. */

interface ToastCallbacks {
  onAction?: () => void;
  onDismiss?: () => void;
}

const config = readConfig(document.currentScript instanceof HTMLScriptElement ? document.currentScript : null);
const embedded = window.parent !== window;
const tell = (message: FromApp) => {
  if (embedded) window.parent.postMessage(message, location.origin);
};

const toasts = new Map<string, ToastCallbacks>();
let toastCount = 0;

const toast = {
  show(text: string, { onAction, onDismiss, ...options }: ToastOptions & ToastCallbacks = {}): string {
    toastCount += 1;
    const id = `toast-${toastCount}`;
    toasts.set(id, { ...(onAction && { onAction }), ...(onDismiss && { onDismiss }) });
    if (embedded) tell({ from: "app", say: "toast", id, text, options });
    else showToast(id, text, options, { onAction: () => onAction?.(), onGone: () => onDismiss?.() });
    return id;
  },
  hide(id: string): void {
    toasts.delete(id);
    if (embedded) tell({ from: "app", say: "hide toast", id });
    else hideToast(id);
  },
};

const shopify = {
  config,
  origin: location.origin,
  ready: Promise.resolve(),
  environment: { mobile: false, embedded, pos: false, intent: false },
  idToken: () => freshToken(config),
  toast,
  loading: (on = true) => tell({ from: "app", say: "loading", on }),
  saveBar: saveBarApi,
  modal: modalApi,
};
Object.assign(window, { shopify });

const NavigationMenu = navigationElement((links) => tell({ from: "app", say: "links", links }));
customElements.define("ui-nav-menu", NavigationMenu);
customElements.define("s-app-nav", class extends NavigationMenu {});
customElements.define("ui-save-bar", SaveBar);
customElements.define("ui-title-bar", TitleBar);
customElements.define("ui-modal", Modal);

watchSaveBars((on) => tell({ from: "app", say: "save bar", on }));
authoriseFetch(config);
followAdminLinks();
const go = navigator();
hear<FromAdmin>(
  "admin",
  () => window.parent,
  (message) => {
    if (message.say === "go") void go(message.href);
    else if (message.say === "toast action") toasts.get(message.id)?.onAction?.();
    else {
      toasts.get(message.id)?.onDismiss?.();
      toasts.delete(message.id);
    }
  },
);
watchLocation(() => {
  const { pathname, search } = location;
  tell({ from: "app", say: "at", pathname, search, title: document.title });
});
void reloadWithToken(config);
