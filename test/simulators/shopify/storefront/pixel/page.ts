import type { Cart, Context, Customer, Shop } from "@shopify/web-pixels-extension";
import { envelopesOf, type StandardEvent } from "../events/envelope";
import type { Happening } from "../events/standard";
import type { CountryCode } from "../tables/countries";
import type { FrameCall, FromHost, ToHost } from "./messages";
import { type Choices, choiceCookies, mayRun, type Privacy, type Purposes, privacyOf } from "./privacy";

/** What the storefront tells a page about itself, before anything happens on it. */
export interface PageState {
  path: string;
  title: string;
  /** Epoch milliseconds by the shop's clock. */
  now: number;
  clientId: string;
  country: CountryCode;
  choices: Choices;
  shop: Shop;
  customer: Customer | null;
  cart: Cart | null;
  /** What happened by opening the page. */
  happenings: Happening[];
  /** Null: the app has no pixel record. */
  pixel: { settings: Readonly<Record<string, string>>; purposes: Purposes; bundle: string } | null;
}

type FrameStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "clear" | "key" | "length">;

/** The top frame: a window's, or a shopper's without one. */
export interface Frame {
  cookie: { read(): string; write(cookie: string): void };
  localStorage: FrameStorage;
  sessionStorage: FrameStorage;
  context(): Context;
  /** Epoch milliseconds by the shop's clock. */
  now(): number;
}

/** A sandbox with the host in it. */
export interface Sandbox {
  send(message: ToHost): void;
  end(): void;
}

interface Options {
  state: PageState;
  frame: Frame;
  /** Opens a sandbox; what the host in it says goes to `hear`. */
  launch: (hear: (message: FromHost) => void) => Sandbox;
  onFault: (message: string) => void;
}

export interface PixelPage {
  publish(happening: Happening): StandardEvent;
  /** The shopper answers the banner or turns the switch. */
  choose(choices: Partial<Choices>): void;
  privacy(): Privacy;
  /** Whether a pixel has been let in. */
  loaded(): boolean;
  /** The page is left: the sandbox goes with it. */
  end(): void;
}

/**
 * Shopify's pixel manager on one page: publishes events, keeps the pixel out until it may run, then tells it all that
 * happened on the page so far.
 */
export function openPixelPage({ state, frame, launch, onFault }: Options): PixelPage {
  const published: StandardEvent[] = [];
  const envelope = envelopesOf({ clientId: state.clientId, context: frame.context, now: frame.now });
  const atRender = privacyOf(state.country, state.choices);
  const context = frame.context();
  let choices = state.choices;
  let collected = false;
  let sandbox: Sandbox | null = null;

  const privacy = () => privacyOf(state.country, choices);

  function letIn(): void {
    const { pixel } = state;
    if (sandbox !== null || pixel === null || !mayRun(pixel.purposes, privacy())) return;
    const { settings, bundle } = pixel;
    const { customer, cart, shop } = state;
    const opened = launch((message) => {
      if (message.kind === "fault") onFault(message.message);
      else opened.send({ kind: "answer", call: message.call, value: answerOf(frame, message) });
    });
    sandbox = opened;
    // As Shopify documents it, init is a snapshot of the page as it was rendered; a later choice is told as one.
    const init = { context, data: { customer, cart, shop, purchasingCompany: null }, customerPrivacy: atRender };
    opened.send({ kind: "start", bundle, now: frame.now(), settings, init });
    if (collected) opened.send({ kind: "privacy", privacy: privacy() });
    for (const event of published) opened.send({ kind: "event", event });
  }

  letIn();
  return {
    publish(happening) {
      const event = envelope(happening);
      published.push(event);
      // Once in, it hears everything until the page is left: what a choice means for it is the pixel's to mind.
      sandbox?.send({ kind: "event", event });
      return event;
    },
    choose(said) {
      choices = { ...choices, ...said };
      collected = true;
      for (const cookie of choiceCookies(choices)) frame.cookie.write(cookie);
      if (sandbox === null) letIn();
      else sandbox.send({ kind: "privacy", privacy: privacy() });
    },
    privacy,
    loaded: () => sandbox !== null,
    end() {
      sandbox?.end();
    },
  };
}

/** Does in the top frame what a pixel asked for. */
function answerOf(frame: Frame, { target, method, args }: FrameCall): string | number | null {
  const [first = "", second = ""] = args;
  if (target === "cookie") {
    if (method === "get") return args.length === 0 ? frame.cookie.read() : cookieNamed(frame.cookie.read(), first);
    frame.cookie.write(args.length === 1 ? first : `${first}=${second}`);
    return frame.cookie.read();
  }
  const storage = frame[target];
  switch (method) {
    case "getItem":
      return storage.getItem(first);
    case "key":
      return storage.key(Number(first));
    case "length":
      return storage.length;
    case "setItem":
      storage.setItem(first, second);
      return null;
    case "removeItem":
      storage.removeItem(first);
      return null;
    case "clear":
      storage.clear();
      return null;
  }
}

/** '' where there is none, as Shopify answers. */
export function cookieNamed(cookies: string, name: string): string {
  const found = cookies.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}
