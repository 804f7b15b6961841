import { BlockList, isIP } from "node:net";
import { clean, isPlaceholder } from "./normalise/text";

/** Ranges no shopper can come from. Documentation ranges are not among them: tests and examples live there. */
const NOT_PUBLIC = [
  // https://www.iana.org/assignments/iana-ipv4-special-registry
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["224.0.0.0", 4, "ipv4"],
  ["240.0.0.0", 4, "ipv4"],
  // https://www.iana.org/assignments/iana-ipv6-special-registry
  ["::", 128, "ipv6"],
  ["::1", 128, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
  ["fec0::", 10, "ipv6"],
  ["ff00::", 8, "ipv6"],
] as const;

const notPublic = new BlockList();
for (const [net, prefix, family] of NOT_PUBLIC) notPublic.addSubnet(net, prefix, family);

/** Where every range above that is IPv4 begins; IPv6 on the internet is 2000::/3, and none of them lies in it. */
const FIRST_OCTETS = new Set(
  NOT_PUBLIC.flatMap(([net, prefix, family]) =>
    family === "ipv4"
      ? Array.from({ length: 2 ** Math.max(0, 8 - prefix) }, (_, n) => Number.parseInt(net, 10) + n)
      : [],
  ),
);
const GLOBAL_IPV6 = /^[23][0-9a-f]{3}:/i;

/** Nearly every address is of this kind, and need not be looked up in the block list, which takes longer. */
export function isPlainlyPublic(address: string): boolean {
  return address.includes(":") ? GLOBAL_IPV6.test(address) : !FIRST_OCTETS.has(Number.parseInt(address, 10));
}

/** Whether a range of this list holds a valid address. */
export function isNotPublic(address: string): boolean {
  return notPublic.check(address, address.includes(":") ? "ipv6" : "ipv4");
}

const MAPPED_V4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const MAX_USER_AGENT = 4_096;

/** Visible at both ends, ASCII between them: nothing to clean, and a "/" with a digit behind it stands in no placeholder. */
const PLAIN_USER_AGENT = /^[A-Za-z]+\/\d[\x20-\x7e]*[\x21-\x7e]$/;

/** An address a browser on the internet can have, else null. An IPv4 address that arrives mapped into IPv6 comes out as IPv4. */
export function cleanIp(value: string | null): string | null {
  const text = clean(value ?? "");
  const address = MAPPED_V4.exec(text)?.[1] ?? text;
  // A zone ("%eth0") means something on one machine only.
  if (isIP(address) === 0 || address.includes("%")) return null;
  return isPlainlyPublic(address) || !isNotPublic(address) ? address : null;
}

/** Of two addresses of one buyer Meta prefers IPv6; one that no browser can have hides no other. */
export function preferredIp(first: string | null, second: string | null): string | null {
  const one = cleanIp(first);
  if (second === null || one?.includes(":")) return one;
  const other = cleanIp(second);
  return other?.includes(":") ? other : (one ?? other);
}

/** The user agent as the browser sent it; null for none, for a placeholder, and for what no browser would send. */
export function cleanUserAgent(value: string | null): string | null {
  if (value === null || (value.length <= MAX_USER_AGENT && PLAIN_USER_AGENT.test(value))) return value;
  const text = clean(value);
  return text === "" || text.length > MAX_USER_AGENT || isPlaceholder(text) ? null : text;
}
