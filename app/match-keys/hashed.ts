import { clean } from "./normalise/text";

const SHA256 = /^[0-9a-f]{64}$/;
const MD5 = /^[0-9a-f]{32}$/;

/** SHA-256 of nothing: whoever sent it hashed an empty field. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** True for what is a digest and no value: it must never be normalised or hashed a second time. */
export function isDigest(value: string): boolean {
  const text = clean(value).toLowerCase();
  return SHA256.test(text) || MD5.test(text);
}

/** A SHA-256 digest that arrived hashed, in lower case; null for MD5, which Meta does not take, for the digest of nothing, and for anything else. */
export function alreadyHashed(value: string): string | null {
  const text = clean(value).toLowerCase();
  return SHA256.test(text) && text !== EMPTY ? text : null;
}
