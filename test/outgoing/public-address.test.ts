import type { LookupAddress } from "node:dns";
import { createServer } from "node:http";
import { connect } from "node:net";
import { Agent } from "undici";
import { describe, expect, it } from "vitest";
import { addressFault } from "~/outgoing/merchant-address";
import { openMerchantPost } from "~/outgoing/merchant-post.server";
import { isPublic, publicLookup } from "~/outgoing/public-address.server";
import { listening } from "../http/open-front";
import { closing } from "../server/stand-ins";
import { reaching } from "./reaching";

const PUBLIC = "93.184.215.14";
const HOOK = "https://hooks.example.com/alert";

/** A resolver that knows one answer a question, the last one for ever. */
function resolving(...answers: string[][]) {
  const asked: string[] = [];
  const lookup = publicLookup((hostname, _options, done) => {
    asked.push(hostname);
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    done(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  });
  return { asked, lookup };
}

describe("an address of the public internet", () => {
  it.each([
    PUBLIC,
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
  ])("is %s", (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254"],
    ...["172.16.0.1", "172.31.255.255", "192.168.1.1", "198.18.0.1", "203.0.113.7", "224.0.0.1", "255.255.255.255"],
    ...["::", "::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8"],
    ...[
      "::ffff:7f00:1",
      "64:ff9b::a00:1",
      "64:ff9b:1::1",
      "2002:7f00:1::",
      "2001:0:1::1",
      "2001:db8::1",
      "::127.0.0.1",
    ],
    "hooks.example.com",
  ])("is not %s", (address) => {
    expect(isPublic(address)).toBe(false);
  });
});

describe("the look-up of a merchant's host", () => {
  const ask = (lookup: ReturnType<typeof publicLookup>, all: boolean) =>
    new Promise((resolve) => lookup("hooks.example.com", { all }, (error, found) => resolve(error?.name ?? found)));

  it("answers what is public, in the form that the socket asks for", async () => {
    const { lookup } = resolving([PUBLIC, "2606:4700::1111"]);
    expect(await ask(lookup, true)).toEqual([
      { address: PUBLIC, family: 4 },
      { address: "2606:4700::1111", family: 6 },
    ]);
    expect(await ask(lookup, false)).toBe(PUBLIC);
  });

  it("refuses a name of which one address is not public, wherever it stands, and one without any", async () => {
    for (const answer of [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::1", PUBLIC], []]) {
      expect(await ask(resolving(answer).lookup, true)).toBe("NotPublic");
    }
  });
});

describe("an address that a merchant typed", () => {
  it.each([
    ["https://hooks.example.com/a?b=c", null],
    ["http://hooks.example.com/", "must begin with https://"],
    ["ftp://hooks.example.com/", "must begin with https://"],
    ["hooks.example.com", "must be an address that begins with https://"],
    ["https://me:secret@hooks.example.com/", "must not hold a name or a password"],
    ["https://hooks.example.com:8443/", "must be without a port"],
    ["https://127.0.0.1/", "must name a host, not a number"],
    ["https://2130706433/", "must name a host, not a number"],
    ["https://0x7f000001/", "must name a host, not a number"],
    ["https://0177.0.0.1/", "must name a host, not a number"],
    ["https://127.1/", "must name a host, not a number"],
    ["https://[::1]/", "must name a host, not a number"],
    ["https://[::ffff:127.0.0.1]/", "must name a host, not a number"],
    ["https://localhost/", "must name a host of the public internet"],
    ["https://metadata/", "must name a host of the public internet"],
  ])("%s: %s", (address, fault) => {
    expect(addressFault(address)).toBe(fault);
  });
});

describe("a post to a merchant's address", () => {
  /** A server on this machine, told apart by what it answers; how often it was connected to. */
  async function server(answer: (path: string) => { status: number; headers?: Record<string, string>; body?: string }) {
    const seen: string[] = [];
    let connections = 0;
    const http = createServer((request, response) => {
      seen.push(`${request.method} ${request.headers.host}${request.url}`);
      const { status, headers, body } = answer(request.url ?? "");
      response.writeHead(status, headers).end(body);
    });
    http.on("connection", () => {
      connections += 1;
    });
    const port = Number(new URL(await listening(http)).port);
    return { seen, port, connections: () => connections };
  }

  it("tells the status and nothing else, however much is answered", async () => {
    const { seen, port } = await server(() => ({ status: 200, body: "x".repeat(5_000_000) }));
    const merchants = closing(openMerchantPost(reaching(port)));
    expect(await merchants.post(HOOK, "{}")).toEqual({ kind: "status", status: 200 });
    expect(seen).toEqual(["POST hooks.example.com/alert"]);
  });

  it("follows no redirect", async () => {
    const { seen, port } = await server(() => ({ status: 307, headers: { location: "https://inside.example.com/" } }));
    expect(await closing(openMerchantPost(reaching(port))).post(HOOK, "{}")).toEqual({ kind: "status", status: 307 });
    expect(seen).toHaveLength(1);
  });

  it("connects to what was looked at: a name that turns inward is refused, and nobody is connected to", async () => {
    const { port, connections } = await server(() => ({ status: 200 }));
    const { asked, lookup } = resolving(["127.0.0.1"]);
    const inward = new Agent({ connect: { lookup } });
    const posted = await openMerchantPost(inward).post(HOOK, "{}");
    expect(posted).toEqual({ kind: "refused", why: "leads into a private network" });
    expect(asked).toEqual(["hooks.example.com"]);
    // The same by the socket itself, on the port where somebody would answer.
    const refused = await new Promise((resolve) =>
      connect({ port, host: "hooks.example.com", lookup: lookup as never }).on("error", ({ name }) => resolve(name)),
    );
    expect(refused).toBe("NotPublic");
    expect(connections()).toBe(0);
  });

  it("asks nobody for what is no address for it", async () => {
    expect(await openMerchantPost().post("https://169.254.169.254/latest/meta-data", "{}")).toEqual({
      kind: "refused",
      why: "must name a host, not a number",
    });
  });
});
