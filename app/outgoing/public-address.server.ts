import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import { BlockList, isIP } from "node:net";

/**
 * What is not the public internet: networks of one's own, and what only one machine or link knows.
 * https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const NOT_PUBLIC = [
  ["0.0.0.0", 8, "this network, RFC 791"],
  ["10.0.0.0", 8, "private, RFC 1918"],
  ["100.64.0.0", 10, "carrier-grade NAT, RFC 6598"],
  ["127.0.0.0", 8, "loopback, RFC 1122"],
  ["169.254.0.0", 16, "link-local, and the metadata of clouds, RFC 3927"],
  ["172.16.0.0", 12, "private, RFC 1918"],
  ["192.0.0.0", 24, "protocol assignments, RFC 6890"],
  ["192.0.2.0", 24, "documentation, RFC 5737"],
  ["192.88.99.0", 24, "6to4 relays, RFC 7526"],
  ["192.168.0.0", 16, "private, RFC 1918"],
  ["198.18.0.0", 15, "benchmarks, RFC 2544"],
  ["198.51.100.0", 24, "documentation, RFC 5737"],
  ["203.0.113.0", 24, "documentation, RFC 5737"],
  ["224.0.0.0", 4, "multicast, RFC 5771"],
  ["240.0.0.0", 4, "reserved, and broadcast, RFC 1112 and 919"],
  ["2001::", 23, "protocol assignments, Teredo among them, RFC 2928 and 4380"],
  ["2001:db8::", 32, "documentation, RFC 3849"],
  ["2002::", 16, "6to4, an IPv4 address inside, RFC 3056"],
  ["3fff::", 20, "documentation, RFC 9637"],
] as const;

/**
 * All of IPv6 that is handed out (RFC 4291). Outside it lie ::, ::1, fc00::/7, fe80::/10, ff00::/8, and IPv4 addresses in
 * disguise: ::ffff:0:0/96 and 64:ff9b::/96.
 */
const GLOBAL_UNICAST = ["2000::", 3] as const;

const refused = new BlockList();
for (const [network, prefix] of NOT_PUBLIC) refused.addSubnet(network, prefix, familyOf(network));
const handedOut = new BlockList();
handedOut.addSubnet(...GLOBAL_UNICAST, "ipv6");

/** Whether an address is one of the public internet. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false;
  const family = familyOf(address);
  if (family === "ipv6" && !handedOut.check(address, family)) return false;
  return !refused.check(address, family);
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return address.includes(":") ? "ipv6" : "ipv4";
}

/** A name that leads into a network that is not public. */
export class NotPublic extends Error {
  override name = "NotPublic";
}

type ResolveAll = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

type Lookup = (
  hostname: string,
  options: { all?: boolean | undefined; family?: unknown; hints?: number | undefined },
  done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/**
 * A `lookup` for sockets. It refuses a name of which one address is not public, so that it cannot matter which is tried. The
 * socket connects to what was looked at here: there is no second question that could be answered otherwise.
 */
export function publicLookup(resolve: ResolveAll = dnsLookup): Lookup {
  return (hostname, { all, hints }, done) => {
    resolve(hostname, { all: true, ...(hints !== undefined && { hints }) }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublic(address))) {
        return done(new NotPublic(`${hostname} is not an address of the public internet`), []);
      }
      if (all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
