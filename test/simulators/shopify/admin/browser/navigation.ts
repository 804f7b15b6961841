import { saveBarApi } from "./save-bar";

/** How long the app may take to come to life before a click on its navigation loads the page instead. */
const PATIENCE_MS = 5_000;

/** Tells of every address the app comes to, and of the title that follows it. */
export function watchLocation(tell: () => void): void {
  let told = "";
  const look = () => {
    const seen = `${location.href} ${document.title}`;
    if (seen !== told) tell();
    told = seen;
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const plain = history[name].bind(history);
    history[name] = (...entry) => {
      plain(...entry);
      look();
    };
  }
  window.addEventListener("popstate", look);
  new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true });
  look();
}

/** Goes to a page of the app the way App Bridge does: the app's router listens for `shopify:navigate`. */
export function navigator(): (href: string) => Promise<void> {
  const listening = new Promise<void>((resolve) => {
    const plain = window.addEventListener.bind(window);
    window.addEventListener = (...heard: Parameters<typeof plain>) => {
      plain(...heard);
      if (heard[0] === "shopify:navigate") resolve();
    };
  });
  const patience = () => new Promise<"in vain">((resolve) => setTimeout(resolve, PATIENCE_MS, "in vain"));
  return async (href) => {
    await saveBarApi.leaveConfirmation();
    if ((await Promise.race([listening, patience()])) === "in vain") {
      location.assign(href);
      return;
    }
    const link = document.createElement("a");
    link.setAttribute("href", href);
    // It is the event's target that the router reads, and the event has to come up to the window.
    link.hidden = true;
    document.documentElement.append(link);
    link.dispatchEvent(new Event("shopify:navigate", { bubbles: true }));
    link.remove();
  };
}
