import { openPixelPage, type PageState } from "../pixel/page";
import { followCart } from "./cart";
import { followCheckout } from "./checkout";
import { followChoices } from "./choices";
import { windowFrame } from "./frame";
import { offerPrivacy } from "./privacy";
import { followProduct } from "./product";
import { launchWorker } from "./worker";

/** Every page of the storefront runs this once. */
const state = JSON.parse(document.getElementById("page-state")?.textContent ?? "null") as PageState;
const page = offerPrivacy(
  openPixelPage({
    state,
    frame: windowFrame(state.now),
    launch: launchWorker,
    onFault: (message) => console.error(`pixel: ${message}`),
  }),
);
for (const happening of state.happenings) page.publish(happening);

followChoices(page, state);
followProduct(page);
followCart(page);
followCheckout(page, state.country);
