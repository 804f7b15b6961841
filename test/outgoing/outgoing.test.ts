import { createServer } from "node:http";
import { getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { openGraphPool, postEvents } from "~/delivery/graph.server";
import { openLog } from "~/log.server";
import { allowList, mayLeave } from "~/outgoing/allow-list";
import { openOutgoing } from "~/outgoing/outgoing.server";
import { listening } from "../http/open-front";
import { closing } from "../server/stand-ins";

const META = "https://graph.facebook.com";

describe("the list of hosts that we speak to", () => {
  it.each([
    [`${META}/v25.0/1/events`, true],
    ["https://a-shop.myshopify.com/admin/oauth/access_token", true],
    ["http://graph.facebook.com/", false],
    ["https://graph.facebook.com:8443/", false],
    ["https://graph.facebook.com.example.com/", false],
    ["https://www.facebook.com/tr", false],
    ["http://a-shop.myshopify.com/", false],
    ["https://a-shop.myshopify.com:8443/", false],
    ["https://myshopify.com/", false],
    ["https://a.b.myshopify.com/", false],
    ["https://a-shop.myshopify.com.example.com/", false],
    ["https://admin.shopify.com/", false],
    ["http://169.254.169.254/", false],
    ["http://127.0.0.1:9/", false],
  ])("%s: %s", (url, may) => {
    expect(mayLeave(new URL(url), allowList(META))).toBe(may);
  });
});

describe("what leaves this process", () => {
  /** Meta as the operator named it, and somebody else; Meta's answers point to them. */
  async function neighbours() {
    const heard: string[] = [];
    const other = await listening(
      createServer((request, response) => {
        heard.push(`${request.method} ${request.url}`);
        response.end("other");
      }),
    );
    const meta = await listening(
      createServer((request, response) => {
        if (request.url === "/plain") response.end("meta");
        else response.writeHead(307, { location: `${other}/elsewhere` }).end();
      }),
    );
    const lines: string[] = [];
    const log = openLog("info", { write: (line) => void lines.push(line) });
    return { meta, other, heard, lines, outgoing: closing(openOutgoing({ graphUrl: meta, log })) };
  }

  const fate = (asked: Promise<Response>) =>
    asked.then(
      async (answer) => `${answer.status} ${await answer.text()}`,
      (error) => String(error.cause),
    );

  it("goes to hosts of the list only, also by a fetch that knows nothing of it, also where a redirect leads", async () => {
    const { meta, other, heard, lines, outgoing } = await neighbours();
    const before = getGlobalDispatcher();
    onTestFinished(() => setGlobalDispatcher(before));
    outgoing.bindProcess();
    expect(await fate(fetch(`${meta}/plain`))).toBe("200 meta");
    const words = `NotAllowed: ${other} is not on the list of hosts that this process may speak to`;
    expect(await fate(fetch(`${other}/direct`))).toBe(words);
    expect(await fate(fetch(`${meta}/away`, { method: "POST", body: "events" }))).toBe(words);
    expect(heard).toEqual([]);
    expect(lines.filter((line) => line.includes("outgoing.refused") && line.includes(other))).toHaveLength(2);
  });

  it("keeps events from where Meta's answer points: it is no answer of Meta's, and they are tried again", async () => {
    const { meta, other, heard, outgoing } = await neighbours();
    const pool = closing(openGraphPool(outgoing.onlyAllowed));
    const destination = { graphUrl: meta, version: "v25.0", dataset: "1", token: "EAAtoken" };
    expect(await postEvents(destination, "{}", pool.fetch)).toMatchObject({ kind: "foreign", status: 307 });
    expect(await postEvents({ ...destination, graphUrl: other }, "{}", pool.fetch)).toMatchObject({
      kind: "silence",
      text: expect.stringContaining("is not on the list of hosts"),
    });
    expect(heard).toEqual([]);
  });
});
