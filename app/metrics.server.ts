import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** What an operator watches. Labels are words of closed sets, never a shop or a person. */
export interface Metrics {
  webhooks: Counter<"topic" | "result">;
  beacons: Counter<"result">;
  attempts: Counter<"verdict">;
  metaSeconds: Histogram<never>;
  tokenConflicts: Counter<never>;
  /** The exposition text and its content type. */
  render(): Promise<{ type: string; text: string }>;
}

export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    webhooks: new Counter({
      name: "tandem_webhooks_total",
      help: "Webhooks received, by topic and what became of them",
      labelNames: ["topic", "result"],
      registers,
    }),
    beacons: new Counter({
      name: "tandem_beacons_total",
      help: "Beacons received, by what became of them",
      labelNames: ["result"],
      registers,
    }),
    attempts: new Counter({
      name: "tandem_meta_requests_total",
      help: "Requests to Meta, by verdict",
      labelNames: ["verdict"],
      registers,
    }),
    metaSeconds: new Histogram({
      name: "tandem_meta_request_seconds",
      help: "How long Meta took to answer",
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    tokenConflicts: new Counter({
      name: "tandem_checkout_token_conflicts_total",
      help: "Orders that shared a checkout token with another order and were kept under their own id",
      registers,
    }),
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
