// node --import ./test/simulators/shopify/preload.mjs …: whatever Shopify's library would send to a shop goes to the stand-in
// at SHOPIFY_STAND_IN, with the shop's name in a header. The app itself knows nothing of it.
//
// Both imports first: each of them sets the library's fetch, and the last one to set it wins.
import "@shopify/shopify-app-remix/adapters/node";
import "@shopify/shopify-app-remix/server";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { Agent } from "undici";

const standIn = process.env.SHOPIFY_STAND_IN;
if (standIn === undefined) throw new Error("SHOPIFY_STAND_IN must name the stand-in's origin");

// The app binds its own fetch to Shopify's hosts and Meta's; the way to the stand-in is ours.
const dispatcher = new Agent();

setAbstractFetchFunc((input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  if (!url.hostname.endsWith(".myshopify.com")) return fetch(request);
  const headers = new Headers(request.headers);
  headers.set("x-stand-in-shop", url.hostname);
  const { method } = request;
  return request.arrayBuffer().then((bytes) =>
    fetch(standIn + url.pathname + url.search, {
      method,
      headers,
      dispatcher,
      ...(bytes.byteLength > 0 ? { body: bytes } : {}),
    }),
  );
});
