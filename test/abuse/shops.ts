import { PEOPLE } from "../fixtures/order";

/** What the app is to Shopify. */
export const APP = { key: "abuse-test-key", secret: "abuse-test-secret-6f1d" };

export interface Shop {
  domain: string;
  /** Meta's number for its dataset, and the token it is written to with. */
  dataset: string;
  token: string;
  beaconKey: string;
  /** Its row's number. */
  row: number;
}

/** Whose data nobody else may see or change. */
export const VICTIM = { domain: "victim-shop.myshopify.com", dataset: "810020030040051", token: "EAAvictimtoken7Qx2" };
/** Who has the app installed too, and a good session token; whose shoppers type whatever they like. */
export const ATTACKER = {
  domain: "attacker-shop.myshopify.com",
  dataset: "920020030040052",
  token: "EAAattackertoken9Zk4",
};

/** What the victim's shopper is known by. */
export const SHOPPER = PEOPLE.GB;
