import { request as ask, createServer, type IncomingMessage, type RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { closing } from "../../server/stand-ins";
import { bodyOf, listen, shut } from "./http";
import { type ShopifyOptions, type ShopifyStandIn, startShopify } from "./server";

const SHOP = "a-shop.myshopify.com";

async function behindProxy(app: RequestListener, options: Partial<ShopifyOptions> = {}): Promise<ShopifyStandIn> {
  const server = createServer(app);
  const origin = await listen(server, 0);
  closing({ close: () => shut(server) });
  return closing(await startShopify({ app: origin, shop: SHOP, secret: "s", ...options }));
}

/** Answers what it was asked, as JSON. */
const mirror: RequestListener = async (request, response) => {
  const { method, url, headers } = request;
  response.end(JSON.stringify({ method, url, headers, body: await bodyOf(request) }));
};

describe("the proxy", () => {
  it("passes method, path, headers and body on unchanged, and keeps the proxy's host", async () => {
    const { origin } = await behindProxy(mirror);
    const answer = await fetch(`${origin}/collect?a=1&a=2`, {
      method: "POST",
      body: "some bytes",
      headers: { "content-type": "text/plain", "x-own": "mine" },
    });
    expect(await answer.json()).toMatchObject({
      method: "POST",
      url: "/collect?a=1&a=2",
      body: "some bytes",
      headers: { host: new URL(origin).host, "content-type": "text/plain", "content-length": "10", "x-own": "mine" },
    });
  });

  it("passes status, headers and body back unchanged, every cookie of them", async () => {
    const { origin } = await behindProxy((_request, response) => {
      response.writeHead(418, "Short And Stout", [
        ...["set-cookie", "a=1", "set-cookie", "b=2"],
        ...["content-type", "application/json", "x-own", "mine"],
      ]);
      response.end('{"html":"<script src=\\"https://cdn.shopify.com/shopifycloud/app-bridge.js\\">"}');
    });
    const answer = await fetch(origin);
    expect(answer.status).toBe(418);
    expect(answer.statusText).toBe("Short And Stout");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.get("x-own")).toBe("mine");
    expect(await answer.text()).toContain("https://cdn.shopify.com/");
  });

  it("streams: the first words arrive before the last are said", async () => {
    let finish = () => {};
    const { origin } = await behindProxy((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("first");
      finish = () => response.end("last");
    });
    const reader = (await fetch(origin)).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("first");
    finish();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("last");
  });

  it("tells a browser on this machine as an address of the documentation", async () => {
    const { origin } = await behindProxy(mirror);
    const { headers } = await (await fetch(origin)).json();
    expect(headers["x-forwarded-for"]).toBe("203.0.113.80");
  });

  it("tells the address that a test names, behind what the client itself claims, and keeps its header back", async () => {
    const { origin } = await behindProxy(mirror);
    const told = { "x-stand-in-ip": "198.51.100.7", "x-forwarded-for": "1.2.3.4" };
    const { headers } = await (await fetch(origin, { headers: told })).json();
    expect(headers["x-forwarded-for"]).toBe("1.2.3.4, 198.51.100.7");
    expect(headers).not.toHaveProperty("x-stand-in-ip");
  });

  it("swaps App Bridge and frame-ancestors in a document, also in a compressed one", async () => {
    const { origin } = await behindProxy((_request, response) => {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-encoding": "gzip",
        "content-security-policy": `frame-ancestors https://${SHOP} https://admin.shopify.com;`,
        link: '<https://cdn.shopify.com/shopifycloud/app-bridge.js>; rel="preload"; as="script";',
      });
      response.end(gzipSync('<script src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script>Grüße'));
    });
    const answer = await fetch(origin);
    expect(await answer.text()).toBe('<script src="/stand-in/app-bridge.js"></script>Grüße');
    expect(answer.headers.get("content-security-policy")).toBe("frame-ancestors 'self';");
    expect(answer.headers.get("link")).toBeNull();
    expect((await fetch(`${origin}/stand-in/app-bridge.js`)).headers.get("content-type")).toContain("javascript");
  });

  it("answers 502 in words for an app that is dead, and for one that dies in the middle", async () => {
    const gone = await behindProxy((request) => request.socket.destroy());
    const answer = await fetch(gone.origin);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toMatch(/^The app at http:\/\/127\.0\.0\.1:\d+ does not answer: /);
    const dead = closing(await startShopify({ app: "http://127.0.0.1:9", shop: SHOP, secret: "s" }));
    expect((await fetch(dead.origin)).status).toBe(502);
  });

  it("asks the storefront before the app, except for the address that opens the app", async () => {
    const { origin } = await behindProxy(mirror, {
      storefront: {
        handle: async ({ url }, response) => {
          if (url === "/app") return false;
          response.end("storefront");
          return true;
        },
      },
    });
    expect(await (await fetch(`${origin}/products/tea`)).text()).toBe("storefront");
    expect(await (await fetch(origin)).text()).toBe("storefront");
    expect(await (await fetch(`${origin}/?shop=${SHOP}`)).json()).toMatchObject({ url: `/?shop=${SHOP}` });
    expect(await (await fetch(`${origin}/app`)).json()).toMatchObject({ url: "/app" });
    expect(await (await fetch(`${origin}/record`)).json()).toEqual({ webhooks: [], graphql: [] });
  });
});

describe("a WebSocket through the proxy", () => {
  function upgrade(origin: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-protocol": "vite-hmr" };
      const asked = ask(`${origin}/?token=t`, { headers });
      asked.on("error", reject);
      asked.on("response", (answer) => {
        answer.resume();
        resolve(answer);
      });
      asked.on("upgrade", (answer, socket) => {
        socket.once("data", (bytes) => {
          answer.headers["x-heard"] = String(bytes);
          socket.destroy();
          resolve(answer);
        });
        socket.write("ping");
      });
      asked.end();
    });
  }

  it("passes: agreement and bytes both ways", async () => {
    const server = createServer();
    server.on("upgrade", (request, socket) => {
      const { url, headers } = request;
      socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
      const heard = `${url} ${headers.upgrade} ${headers["sec-websocket-protocol"]} ${headers["x-forwarded-for"]}`;
      socket.on("data", (bytes) => socket.write(`${heard} ${bytes}`));
      socket.on("end", () => socket.end());
      socket.on("error", () => undefined);
    });
    const app = await listen(server, 0);
    closing({ close: () => shut(server) });
    const { origin } = closing(await startShopify({ app, shop: SHOP, secret: "s" }));
    const answer = await upgrade(origin);
    expect(answer.statusCode).toBe(101);
    expect(answer.headers["x-heard"]).toBe("/?token=t websocket vite-hmr 203.0.113.80 ping");
  });

  it("is told when the app refuses it, or is dead", async () => {
    const server = createServer();
    server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno"));
    const app = await listen(server, 0);
    closing({ close: () => shut(server) });
    const { origin } = closing(await startShopify({ app, shop: SHOP, secret: "s" }));
    expect((await upgrade(origin)).statusCode).toBe(403);
    const dead = closing(await startShopify({ app: "http://127.0.0.1:9", shop: SHOP, secret: "s" }));
    expect((await upgrade(dead.origin)).statusCode).toBe(502);
  });
});
