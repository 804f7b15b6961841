import { randomBytes } from "node:crypto";

/** How an access token may be used. */
export type TokenKind = "offline" | "online";

/** What Shopify hands out. */
export interface Issued {
  accessToken: string;
  /** Null for a token that never ends. */
  refreshToken: string | null;
  /** Epoch milliseconds; null: never. */
  expiresAt: number | null;
}

/** What an access token is good for. */
export type Standing = "good" | "expired" | "unknown" | "never expires";

interface AccessToken {
  shop: string;
  kind: TokenKind;
  expiresAt: number | null;
}

interface RefreshToken {
  shop: string;
  expiresAt: number;
  /** The one that was handed in for this one. */
  replaces: string | null;
  /** Epoch milliseconds; null: not yet. */
  firstUsedAt: number | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An access token lives an hour: https://shopify.dev/changelog/offline-access-tokens-now-support-expiry-and-refresh */
export const ACCESS_MS = HOUR_MS;
export const REFRESH_MS = 90 * DAY_MS;
/** How long a used refresh token may be used again while its replacement lies idle. */
const AGAIN_MS = 30 * DAY_MS;

/** Every token that was issued, and what became of it. */
export class Tokens {
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, RefreshToken>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(shop: string, kind: TokenKind, expiring: boolean): Issued {
    if (kind === "offline" && expiring) {
      this.#revokeAccess(shop);
      for (const [token, known] of this.#refresh) if (known.shop === shop) this.#refresh.delete(token);
    }
    return this.#issue(shop, kind, expiring, null);
  }

  /**
   * A new pair for a refresh token; null when it is good no more. A token that was used may be used again until its
   * replacement is: https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens
   */
  refresh(shop: string, refreshToken: string): Issued | null {
    const known = this.#refresh.get(refreshToken);
    const now = this.#now();
    if (known === undefined || known.shop !== shop || known.expiresAt <= now) return null;
    if (known.firstUsedAt !== null && known.firstUsedAt + AGAIN_MS <= now) return null;
    known.firstUsedAt ??= now;
    if (known.replaces !== null) this.#refresh.delete(known.replaces);
    this.#revokeAccess(shop);
    return this.#issue(shop, "offline", true, refreshToken);
  }

  standing(shop: string, accessToken: string): Standing {
    const known = this.#access.get(accessToken);
    if (known === undefined || known.shop !== shop) return "unknown";
    if (known.expiresAt === null) return "never expires";
    return known.expiresAt > this.#now() ? "good" : "expired";
  }

  /**
   * A shop has one expiring offline token, the newest:
   * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens
   */
  #revokeAccess(shop: string): void {
    for (const [token, known] of this.#access) {
      if (known.shop === shop && known.kind === "offline" && known.expiresAt !== null) this.#access.delete(token);
    }
  }

  #issue(shop: string, kind: TokenKind, expiring: boolean, replaces: string | null): Issued {
    const now = this.#now();
    const accessToken = `shpat_${randomBytes(16).toString("hex")}`;
    const expiresAt = expiring || kind === "online" ? now + ACCESS_MS : null;
    this.#access.set(accessToken, { shop, kind, expiresAt });
    if (!expiring || kind === "online") return { accessToken, refreshToken: null, expiresAt };
    const refreshToken = `shprt_${randomBytes(16).toString("hex")}`;
    this.#refresh.set(refreshToken, { shop, expiresAt: now + REFRESH_MS, replaces, firstUsedAt: null });
    return { accessToken, refreshToken, expiresAt };
  }
}
