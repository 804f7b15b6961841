import { GraphqlQueryError } from "@shopify/shopify-api";
import type { AdminGraphql } from "~/settings/admin-api.server";

/** What an operation asks Shopify for. */
export type Asked = "shop" | "webPixel" | "webPixelCreate" | "webPixelUpdate";

type Json = Record<string, unknown>;

/** The Admin API of one shop in memory, as far as the web pixel needs it. */
export interface AdminApi {
  graphql: AdminGraphql;
  /** Oldest first. */
  asked: Asked[];
  /** The shop's pixel record; a test may take it away or change it. */
  record: { id: string; settings: string } | null;
  /** What Shopify says of the shop. */
  shop: Json;
  /** Answers in Shopify's place, or throws; undefined leaves the answer to Shopify. */
  strike: (asked: Asked) => unknown;
  /** How many operations were under way at once, at the most. */
  most: number;
}

/** The words come from https://shopify.dev/docs/api/admin-graphql/2026-07/objects/WebPixel */
export function adminApi(): AdminApi {
  let made = 0;
  let underWay = 0;

  function write(asked: "webPixelCreate" | "webPixelUpdate", { id, settings }: Json): Json {
    const refuse = (code: string, message: string) => ({
      webPixel: null,
      userErrors: [{ code, field: null, message }],
    });
    // Settings come as a JSON text; Shopify refuses what is none.
    if (typeof settings !== "string" || typeof JSON.parse(settings) !== "object") {
      return refuse("INVALID_CONFIGURATION_JSON", "Settings must be a valid JSON object");
    }
    const { record } = api;
    if (asked === "webPixelCreate") {
      if (record !== null) return refuse("TAKEN", "Web pixel has already been taken");
      made += 1;
      api.record = { id: `gid://shopify/WebPixel/${made}`, settings };
      return { webPixel: { id: api.record.id }, userErrors: [] };
    }
    if (record === null || record.id !== id) return refuse("NOT_FOUND", "Web pixel does not exist");
    record.settings = settings;
    return { webPixel: { id: record.id }, userErrors: [] };
  }

  function answerOf(asked: Asked, variables: Json): unknown {
    if (asked === "shop") return { data: { shop: api.shop } };
    if (asked !== "webPixel") return { data: { [asked]: write(asked, variables) } };
    if (api.record !== null) return { data: { webPixel: { ...api.record } } };
    return { data: { webPixel: null }, errors: [{ message: "No web pixel was found for this app." }] };
  }

  const api: AdminApi = {
    asked: [],
    record: null,
    shop: {
      ianaTimezone: "Europe/Berlin",
      primaryDomain: { host: "shop.example.com" },
      shopAddress: { countryCodeV2: "DE" },
      currencyCode: "EUR",
      enabledPresentmentCurrencies: ["EUR", "CHF"],
      taxesIncluded: true,
    },
    strike: () => undefined,
    most: 0,
    graphql: async (query, options) => {
      const asked = (/\b(webPixelCreate|webPixelUpdate|webPixel|shop)\b\s*[({]/.exec(query)?.[1] ?? "") as Asked;
      api.asked.push(asked);
      underWay += 1;
      api.most = Math.max(api.most, underWay);
      try {
        const struck = await api.strike(asked);
        const body = (struck ?? answerOf(asked, options?.variables ?? {})) as Json & { errors?: { message: string }[] };
        const [error] = body.errors ?? [];
        // As Shopify's library does, also where there is data beside the errors.
        if (error !== undefined) throw new GraphqlQueryError({ message: error.message, response: body, body });
        return { json: async () => body };
      } finally {
        underWay -= 1;
      }
    },
  };
  return api;
}

/** A mutation that Shopify refuses in words. */
export function userError(asked: Asked, ...messages: string[]): unknown {
  const userErrors = messages.map((message) => ({ code: "INVALID_SETTINGS", field: ["webPixel"], message }));
  return { data: { [asked]: { webPixel: null, userErrors } } };
}

/** Errors beside no data: throttled, for one. */
export const THROTTLED = { data: null, errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }] };

export const ADDRESSES = { appUrl: "https://app.example.com", trUrl: "https://www.facebook.com/tr" };
