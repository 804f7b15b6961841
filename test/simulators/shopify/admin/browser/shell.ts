import { APP_PAGE, APP_ROOT, pageOf } from "../addresses";
import { type FromAdmin, type FromApp, hear, type NavigationLink } from "./messages";
import { hideToast, showToast } from "./toasts";

/** The admin's own script: follows the app in the frame and shows its navigation and toasts. */

const frame = document.querySelector<HTMLIFrameElement>("#app");
const navigation = document.querySelector("nav");
const list = document.querySelector("#links");
const root = document.querySelector<HTMLAnchorElement>("[data-root]");
const burger = document.querySelector(".burger");
const shade = document.querySelector<HTMLElement>("#shade");
const loading = document.querySelector<HTMLElement>("#loading");
const appBar = document.querySelector<HTMLElement>(".app-bar");
const shopName = document.querySelector(".shop-name")?.textContent ?? "";

const tell = (message: FromAdmin) => frame?.contentWindow?.postMessage(message, location.origin);
let links: NavigationLink[] = [];

function openMenu(open: boolean): void {
  navigation?.classList.toggle("open", open);
  burger?.setAttribute("aria-expanded", String(open));
  if (shade !== null) shade.hidden = !open;
}

/** A click stays in the frame; a second window gets the page of its own. */
function leads(anchor: HTMLAnchorElement, href: string): void {
  anchor.addEventListener("click", (event) => {
    if (frame === null || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    openMenu(false);
    tell({ from: "admin", say: "go", href });
  });
}

function drawLinks(): void {
  for (const item of document.querySelectorAll("#links .sub")) item.remove();
  for (const { label, href } of links) {
    const item = document.createElement("li");
    item.className = "sub";
    const anchor = document.createElement("a");
    const { pathname, search } = new URL(href, location.origin);
    anchor.href = pageOf({ pathname, search }) ?? href;
    anchor.textContent = label;
    leads(anchor, href);
    item.append(anchor);
    list?.append(item);
  }
  markCurrent();
}

/** The longest entry that the page lies under is the current one. */
function markCurrent(): void {
  const anchors = [...document.querySelectorAll<HTMLAnchorElement>("#links a")];
  const within = anchors.filter(
    ({ pathname }) => location.pathname === pathname || location.pathname.startsWith(`${pathname}/`),
  );
  const current = within.sort((one, other) => other.pathname.length - one.pathname.length)[0] ?? root;
  for (const anchor of anchors) {
    if (anchor === current && frame !== null) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
}

function follow(pathname: string, search: string, title: string): void {
  document.title = [shopName, "Tandem", title].filter(Boolean).join(" · ");
  const page = pageOf({ pathname, search });
  if (page === null || page === `${location.pathname}${location.search}`) return;
  // The frame's own step is already in the joint history.
  history.replaceState(null, "", page);
  markCurrent();
}

hear<FromApp>(
  "app",
  () => frame?.contentWindow ?? null,
  (message) => {
    switch (message.say) {
      case "at":
        return follow(message.pathname, message.search, message.title);
      case "links":
        links = message.links;
        return drawLinks();
      case "toast":
        return showToast(message.id, message.text, message.options, {
          onAction: () => tell({ from: "admin", say: "toast action", id: message.id }),
          onGone: () => tell({ from: "admin", say: "toast gone", id: message.id }),
        });
      case "hide toast":
        hideToast(message.id);
        return;
      case "save bar":
        if (appBar !== null) appBar.hidden = message.on;
        return;
      case "loading":
        if (loading !== null) loading.hidden = !message.on;
    }
  },
);

burger?.addEventListener("click", () => openMenu(navigation?.classList.contains("open") !== true));
shade?.addEventListener("click", () => openMenu(false));
window.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") openMenu(false);
});
if (root !== null && location.pathname.startsWith(APP_PAGE)) leads(root, APP_ROOT);
