import type { PrismaClient } from "@prisma/client";
import { Session } from "@shopify/shopify-api";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";
import { type Keyring, openDataKey } from "../store/keyring.server";
import { open, type SealKey, seal } from "../store/seal.server";
import type { Store } from "../store/store.server";
import { ensureShop } from "./connect.server";

interface Deps {
  db: PrismaClient;
  store: Store;
  keyring: Keyring;
  now: () => number;
}

/**
 * Shopify's own session storage with its tokens sealed under the shop's data key; staff names and e-mail, which nobody
 * needs, are not stored at all. A shop's first session makes its row.
 */
export function sealedSessionStorage({ db, store, keyring, now }: Deps): SessionStorage {
  const plain = new PrismaSessionStorage(db);

  /** A stored session has its shop's row; nothing is written to read it. */
  async function keyOf(domain: string): Promise<SealKey> {
    const { dataKey } = await db.shop.findUniqueOrThrow({ where: { domain } });
    return openDataKey(keyring, domain, dataKey);
  }

  async function unsealed(session: Session): Promise<Session> {
    const key = await keyOf(session.shop);
    const { accessToken, refreshToken } = session;
    return withTokens(session, {
      accessToken: accessToken && open([key], { shop: session.shop, column: "Session.accessToken" }, accessToken),
      refreshToken: refreshToken && open([key], { shop: session.shop, column: "Session.refreshToken" }, refreshToken),
    });
  }

  return {
    async storeSession(session) {
      // A session that Shopify's library renews by itself is no installation: that is told apart by who asks (shopify.server.ts).
      const known = await db.shop.findUnique({ where: { domain: session.shop } });
      const row = known ?? (await ensureShop(store, keyring, session.shop, now()));
      const key = openDataKey(keyring, session.shop, row.dataKey);
      const { accessToken, refreshToken } = session;
      const sealed = withTokens(session, {
        accessToken: accessToken && seal(key, { shop: session.shop, column: "Session.accessToken" }, accessToken),
        refreshToken: refreshToken && seal(key, { shop: session.shop, column: "Session.refreshToken" }, refreshToken),
      });
      return plain.storeSession(sealed);
    },
    async loadSession(id) {
      const session = await plain.loadSession(id);
      return session && unsealed(session);
    },
    deleteSession: (id) => plain.deleteSession(id),
    deleteSessions: (ids) => plain.deleteSessions(ids),
    async findSessionsByShop(shop) {
      return Promise.all((await plain.findSessionsByShop(shop)).map(unsealed));
    },
  };
}

function withTokens(
  session: Session,
  tokens: { accessToken: string | undefined; refreshToken: string | undefined },
): Session {
  const { onlineAccessInfo: _staff, ...parameters } = session.toObject();
  const copy = new Session(parameters);
  if (tokens.accessToken) copy.accessToken = tokens.accessToken;
  if (tokens.refreshToken) copy.refreshToken = tokens.refreshToken;
  return copy;
}
