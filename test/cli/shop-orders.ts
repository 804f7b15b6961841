import { Session } from "@shopify/shopify-api";
import { backfillWith } from "~/cli/backfill.server";
import { BadInput, type Command } from "~/cli/command.server";
import { sweepWith } from "~/cli/sweep.server";
import { sealedSessionStorage } from "~/settings/sealed-sessions.server";
import { answerGraphql } from "../simulators/shopify/admin/graphql";
import { SHOP } from "../support/pipeline";
import { openSweeping, type Sweeping } from "../sweep/support";
import { type Ran, storeEnvOf } from "./run";

/** A shop whose orders a command can ask Shopify for. */
export interface AskedShop extends Sweeping {
  tandem(args: string): Promise<Ran>;
}

/** `expires`: when the session's token ends, epoch milliseconds; absent: an hour from now. Null: there is no session. */
export async function askedShop({ expires }: { expires?: number | null } = {}): Promise<AskedShop> {
  const sweeping = await openSweeping();
  const { db, store, keyring, clock, path } = sweeping;
  const { accessToken } = sweeping.shopify.api.tokens.issue(SHOP, "offline", true);
  if (expires !== null) {
    const session = new Session({ id: `offline_${SHOP}`, shop: SHOP, state: "", isOnline: false });
    session.accessToken = accessToken;
    session.expires = new Date(expires ?? clock.now() + 3_600_000);
    await sealedSessionStorage({ db, store, keyring, now: clock.now }).storeSession(session);
  }
  const ask: typeof fetch = async (_url, init) => {
    const headers = new Headers(init?.headers);
    const answer = await answerGraphql(
      { shop: SHOP, accessToken: headers.get("x-shopify-access-token") ?? "", text: String(init?.body) },
      sweeping.shopify.api,
    );
    return new Response(answer?.body ?? "", { status: answer?.status ?? 500 });
  };
  const asking = { fetch: ask, wait: async (ms: number) => clock.pass(ms) };
  const commands: Record<string, Command> = { sweep: sweepWith(asking), backfill: backfillWith(asking) };
  return {
    ...sweeping,
    tandem: async (line) => {
      const [name = "", ...args] = line.split(" ");
      const said: Ran = { code: 0, out: "", err: "" };
      const terminal = {
        stdin: (async function* () {})(),
        out: (data: string) => {
          said.out += data;
        },
        err: (words: string) => {
          said.err += `${words}\n`;
        },
      };
      const context = { terminal, root: process.cwd(), env: storeEnvOf(path, keyring[0].bytes), now: clock.now };
      try {
        said.code = (await commands[name]?.run(args, context)) ?? 2;
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
        said.code = 2;
        said.err = error.message;
      }
      return said;
    },
  };
}
