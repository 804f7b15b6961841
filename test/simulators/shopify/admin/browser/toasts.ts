import type { ToastOptions } from "./messages";

interface Callbacks {
  onAction(): void;
  onGone(): void;
}

const STYLE = `
:host { position: fixed; z-index: 600; left: 0; right: 0; bottom: 24px; display: flex; flex-direction: column; align-items: center; gap: 8px; pointer-events: none; }
[role=status] { display: flex; align-items: center; gap: 12px; max-width: calc(100vw - 32px); padding: 10px 10px 10px 14px; border-radius: 10px; background: #1a1a1a; color: #fff; font: 500 13px/20px Inter, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; box-shadow: 0 8px 24px #00000040; pointer-events: auto; animation: rise .18s ease-out; }
[role=status].error { background: #8e0b21; }
button { padding: 0 6px; border: 0; border-radius: 6px; background: none; color: inherit; font: inherit; cursor: pointer; }
button:hover, button:focus-visible { background: #ffffff2b; }
button.action { font-weight: 650; text-decoration: underline; }
button.close { display: grid; place-items: center; width: 24px; height: 24px; padding: 0; }
@keyframes rise { from { transform: translateY(16px); opacity: 0; } }
`;

const shown = new Map<string, HTMLElement>();

/** Shows a toast over the page until its time is over or it is dismissed. */
export function showToast(id: string, text: string, options: ToastOptions, { onAction, onGone }: Callbacks): void {
  const toast = document.createElement("div");
  toast.setAttribute("role", "status");
  toast.classList.toggle("error", options.isError === true);
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);
  const gone = () => {
    if (hideToast(id)) onGone();
  };
  if (options.action !== undefined) {
    const action = button(options.action, "action", () => {
      onAction();
      gone();
    });
    toast.append(action);
  }
  const close = button("", "close", gone);
  close.setAttribute("aria-label", "Dismiss");
  close.innerHTML =
    '<svg viewBox="0 0 12 12" width="12" height="12"><path d="m2 2 8 8m0-8-8 8" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/></svg>';
  toast.append(close);
  shown.set(id, toast);
  shelf().append(toast);
  setTimeout(gone, options.duration ?? 5_000);
}

/** True when it was still to be seen. */
export function hideToast(id: string): boolean {
  shown.get(id)?.remove();
  return shown.delete(id);
}

function button(label: string, kind: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

let place: ShadowRoot | undefined;

/** Made when first needed, beside what React has drawn. */
function shelf(): ShadowRoot {
  if (place === undefined || !place.host.isConnected) {
    const host = document.createElement("div");
    document.documentElement.append(host);
    place = host.attachShadow({ mode: "open" });
    place.innerHTML = `<style>${STYLE}</style>`;
  }
  return place;
}
