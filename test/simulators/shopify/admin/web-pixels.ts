import { checkSettings, type PixelDefinition, type PixelSettingsRecord, type UserError } from "./pixel-definition";

/** What a shop keeps of an app's web pixel. */
export interface WebPixel {
  id: string;
  settings: PixelSettingsRecord;
}

export interface WebPixelPayload {
  webPixel: WebPixel | null;
  userErrors: UserError[];
}

export interface DeletedPayload {
  deletedWebPixelId: string | null;
  userErrors: UserError[];
}

/** One record per shop, as there is for one app: https://shopify.dev/docs/api/admin-graphql/2026-07/objects/WebPixel */
export class WebPixels {
  readonly #records = new Map<string, WebPixel>();
  readonly #definition: PixelDefinition;
  #made = 0;

  constructor(definition: PixelDefinition) {
    this.#definition = definition;
  }

  of(shop: string): WebPixel | null {
    return this.#records.get(shop) ?? null;
  }

  create(shop: string, given: unknown): WebPixelPayload {
    const { settings, errors } = checkSettings(this.#definition, given);
    if (settings === null) return { webPixel: null, userErrors: errors };
    if (this.#records.has(shop)) return { webPixel: null, userErrors: [TAKEN] };
    this.#made += 1;
    return this.#keep(shop, { id: `gid://shopify/WebPixel/${937_414_000 + this.#made}`, settings });
  }

  update(shop: string, id: string, given: unknown): WebPixelPayload {
    if (this.#records.get(shop)?.id !== id) return { webPixel: null, userErrors: [NOT_FOUND] };
    const { settings, errors } = checkSettings(this.#definition, given);
    return settings === null ? { webPixel: null, userErrors: errors } : this.#keep(shop, { id, settings });
  }

  delete(shop: string, id: string): DeletedPayload {
    if (this.#records.get(shop)?.id !== id) return { deletedWebPixelId: null, userErrors: [NOT_FOUND] };
    this.#records.delete(shop);
    return { deletedWebPixelId: id, userErrors: [] };
  }

  #keep(shop: string, webPixel: WebPixel): WebPixelPayload {
    this.#records.set(shop, webPixel);
    return { webPixel, userErrors: [] };
  }
}

const TAKEN: UserError = { code: "TAKEN", field: ["webPixel"], message: "Web pixel has already been taken" };
const NOT_FOUND: UserError = { code: "NOT_FOUND", field: ["id"], message: "Web pixel does not exist" };
