import { counted } from "../counted";
import { type Resealed, renewKeyFile, reseal } from "../store/keyring.server";
import { BadInput, type Command, type CommandContext, type ExitCode, flagsOf } from "./command.server";
import { type OpenStore, withStore } from "./open-store.server";

/** Puts every shop's data key under the key in use, so that an old one can be thrown away. */
export const keys: Command = {
  usage: "keys rotate [--json]",
  does: "seals every shop's data key anew under ENCRYPTION_KEY; what ENCRYPTION_KEYS_OLD opens is carried over",
  async run([verb, ...args], context) {
    if (verb !== "rotate") throw new BadInput("keys", "must be followed by rotate");
    const { json } = flagsOf(args, { json: "boolean" });
    return withStore<ExitCode>(context, async (open) => {
      const keyring = open.env.ENCRYPTION_KEY === undefined ? await renewed(open) : open.keyring;
      const rows = await open.db.shop.findMany({ select: { id: true, domain: true, dataKey: true } });
      const resealed = rows.map((row) => ({ ...row, ...reseal(keyring, row.domain, row.dataKey) }));
      const changes = resealed.flatMap(({ id, dataKey, sealed }) =>
        sealed === null ? [] : [{ id, before: dataKey, after: sealed }],
      );
      const rotated = await open.store.replaceDataKeys(changes);
      return say(resealed, rotated, { json: json === true, keyId: keyring[0].id }, context);
    });
  },
};

/** A key that lies in a file is made anew; who runs with the old one could open nothing any more. */
async function renewed({ store, env, leaseNow }: OpenStore) {
  if (await store.serverAlive(leaseNow())) {
    throw new BadInput(
      "ENCRYPTION_KEY",
      "is not set, so the key lies in a file that a running server has read: stop the server, rotate, start it again",
    );
  }
  return renewKeyFile(env);
}

function say(
  rows: readonly (Resealed & { domain: string })[],
  rotated: number,
  { json, keyId }: { json: boolean; keyId: string },
  { terminal }: CommandContext,
): ExitCode {
  const unreadable = rows.flatMap(({ domain, fault }) => (fault === null ? [] : [`${domain}: ${fault}`]));
  const current = rows.length - rotated - unreadable.length;
  if (json) terminal.out(`${JSON.stringify({ key: keyId, rotated, current, unreadable })}\n`);
  else terminal.out(`${counted(rotated, "data key")} sealed anew under ${keyId}, ${current} already were\n`);
  for (const line of unreadable) terminal.err(`${line}; add its key to ENCRYPTION_KEYS_OLD and rotate again`);
  if (unreadable.length === 0)
    terminal.err("old keys open nothing of this database any more; old copies of it, they do");
  return unreadable.length === 0 ? 0 : 1;
}
