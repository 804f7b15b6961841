/** However a number is spelled, URL writes it so: https://url.spec.whatwg.org/#concept-ipv4-parser */
const NUMBER = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/;

/**
 * What keeps an address from being posted to, in words for the field it was typed in; null: nothing. Numbers are refused, for
 * a socket looks none of them up.
 */
export function addressFault(address: string): string | null {
  if (!URL.canParse(address)) return "must be an address that begins with https://";
  const { protocol, hostname, port, username, password } = new URL(address);
  if (protocol !== "https:") return "must begin with https://";
  if (username !== "" || password !== "") return "must not hold a name or a password";
  if (port !== "") return "must be without a port";
  if (NUMBER.test(hostname)) return "must name a host, not a number";
  if (!hostname.includes(".")) return "must name a host of the public internet";
  return null;
}
