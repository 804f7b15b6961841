import { customer } from "../fixtures/customer";
import { type Example, seconds } from "./example";
import { HASHED_BUYERS } from "./parts";

/** A new customer is a registration where somebody made an account; every order writes one down as well. */

const ON = { CompleteRegistration: { browser: false, server: true } };

const registered = {
  event_name: "CompleteRegistration",
  event_time: seconds("2026-11-20T09:40:00Z"),
  event_id: "registration.8880001",
  action_source: "website",
  user_data: HASHED_BUYERS.AU,
};

export const REGISTRATIONS: Example[] = [
  {
    title: "an account, where registrations are on",
    topic: "customers/create",
    in: customer({ country: "AU" }, { state: "enabled" }),
    shop: { settings: { toggles: ON } },
    out: { events: [registered], skipped: [] },
  },
  {
    title: "a customer without an account was only written down",
    topic: "customers/create",
    in: customer({ country: "AU" }, { state: "disabled" }),
    shop: { settings: { toggles: ON } },
    out: { events: [], skipped: [{ event: "CompleteRegistration", outcome: "skipped", reason: "no_account" }] },
  },
  {
    title: "one who was invited has none yet",
    topic: "customers/create",
    in: customer({ country: "AU" }, { state: "invited" }),
    shop: { settings: { toggles: ON } },
    out: { events: [], skipped: [{ event: "CompleteRegistration", outcome: "skipped", reason: "no_account" }] },
  },
  {
    title: "unless the merchant counts every new record",
    topic: "customers/create",
    in: customer({ country: "AU" }, { state: "disabled" }),
    shop: { settings: { toggles: ON, registrations: "every" } },
    out: { events: [registered], skipped: [] },
  },
];
