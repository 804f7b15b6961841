import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/**
 * Sealing at rest: `v1.<key id>.<nonce>.<ciphertext>`, AES-256-GCM, base64url. The additional data is shop + column, so
 * a sealed value copied into another shop's row or another column does not open.
 */

export interface SealKey {
  /** First 8 hex digits of the key's SHA-256: enough to find it, useless to guess it. */
  id: string;
  bytes: Buffer;
}

/** Where a sealed value lives; both parts are authenticated. */
export interface Place {
  shop: string;
  column: string;
}

const NONCE_BYTES = 12;
/** Random bytes are fetched for so many nonces at once: one by one they cost as much as the sealing. */
const NONCES_AT_ONCE = 256;
const TAG_BYTES = 16;

export function sealKey(bytes: Buffer): SealKey {
  return { id: createHash("sha256").update(bytes).digest("hex").slice(0, 8), bytes };
}

/** A fresh 32-byte key. */
export function freshKey(): SealKey {
  return sealKey(randomBytes(32));
}

function additionalData({ shop, column }: Place): Buffer {
  return Buffer.from(`${shop}\n${column}`);
}

let nonces: Buffer = Buffer.alloc(0);

/** Each is given once. */
function nextNonce(): Buffer {
  if (nonces.length < NONCE_BYTES) nonces = randomBytes(NONCES_AT_ONCE * NONCE_BYTES);
  const nonce = nonces.subarray(0, NONCE_BYTES);
  nonces = nonces.subarray(NONCE_BYTES);
  return nonce;
}

/** Seals a UTF-8 text for one place. */
export function seal(key: SealKey, place: Place, plain: string): string {
  const nonce = nextNonce();
  const cipher = createCipheriv("aes-256-gcm", key.bytes, nonce).setAAD(additionalData(place));
  const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1.${key.id}.${nonce.toString("base64url")}.${sealed.toString("base64url")}`;
}

/** A sealed value that does not open: unknown key, other place, or altered bytes. */
export class SealError extends Error {
  override name = "SealError";
}

/** Whether something was sealed under this key. */
export function isUnder({ id }: SealKey, sealed: string): boolean {
  return keyIdOf(sealed) === id;
}

/** The id of the key that something was sealed under: `v1.<key id>.<nonce>.<ciphertext>`. */
export function keyIdOf(sealed: string): string {
  return sealed.split(".")[1] ?? "";
}

/** Opens what `seal` made, with whichever of the keys sealed it. Throws SealError. */
export function open(keys: readonly SealKey[], place: Place, sealed: string): string {
  const [version, keyId, nonce = "", body = "", ...more] = sealed.split(".");
  const nonceBytes = Buffer.from(nonce, "base64url");
  const bytes = Buffer.from(body, "base64url");
  const wellFormed = nonceBytes.length === NONCE_BYTES && bytes.length >= TAG_BYTES && more.length === 0;
  if (version !== "v1" || !wellFormed) {
    throw new SealError(`not a sealed value (${place.column})`);
  }
  const key = keys.find((candidate) => candidate.id === keyId);
  if (key === undefined) throw new SealError(`sealed under key ${keyId}, which is not here (${place.column})`);
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, nonceBytes, { authTagLength: TAG_BYTES })
    .setAAD(additionalData(place))
    .setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]);
    return plain.toString("utf8");
  } catch {
    throw new SealError(`altered, or sealed for another place (${place.column})`);
  }
}
