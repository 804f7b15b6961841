import type { FromHost } from "../pixel/messages";
import type { Sandbox } from "../pixel/page";

/** Shopify's strict sandbox: a web worker. It goes with the page. */
export function launchWorker(hear: (message: FromHost) => void): Sandbox {
  const worker = new Worker("/storefront-assets/pixel-host.js", { name: "pixel" });
  worker.onmessage = ({ data }: MessageEvent<FromHost>) => hear(data);
  worker.onerror = ({ message }) => hear({ kind: "fault", message });
  return {
    send: (message) => worker.postMessage(message),
    end: () => worker.terminate(),
  };
}
