import type { RegisterInit } from "@shopify/web-pixels-extension";
import type { StandardEvent } from "../events/envelope";
import type { Privacy } from "./privacy";

/** What a page and the pixel's host say to each other. Everything in it survives JSON. */
export type ToHost =
  | { kind: "start"; bundle: string; now: number; settings: Readonly<Record<string, string>>; init: RegisterInit }
  | { kind: "privacy"; privacy: Privacy }
  | { kind: "event"; event: StandardEvent }
  | { kind: "answer"; call: number; value: string | number | null };

export type FromHost = ({ kind: "call"; call: number } & FrameCall) | { kind: "fault"; message: string };

/** What a pixel has the top frame do. */
export type FrameCall =
  | { target: "cookie"; method: "get" | "set"; args: string[] }
  | { target: "localStorage" | "sessionStorage"; method: StorageMethod; args: string[] };

export type StorageMethod = "getItem" | "setItem" | "removeItem" | "clear" | "key" | "length";
