import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What an operator watches. Labels are words of closed sets, never a shop or a person. */
export interface Metrics {
  webhooks: Counter<"topic" | "result">;
  beacons: Counter<"result">;
  attempts: Counter<"verdict">;
  metaSeconds: Histogram<never>;
  batchEvents: Histogram<never>;
  settled: Counter<"outcome">;
  tokenConflicts: Counter<never>;
  /** Set at every change of what the front holds. */
  inflightBytes: Gauge<never>;
  /** Told of every request to Meta. */
  attempted(request: { verdict: string; ms: number; events: number }): void;
  /** The exposition text and its content type. */
  render(): Promise<{ type: string; text: string }>;
}

export interface MetricsDeps {
  /** Milliseconds for which the oldest row has been due that nothing keeps from leaving; asked at each scrape. */
  queueAge: () => Promise<number>;
}

/** The registry of one process: Tandem's own numbers and Node's. */
export function openMetrics(deps?: MetricsDeps): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  if (deps !== undefined) queueAgeGauge(registers, deps);
  const attempts = new Counter({
    name: "tandem_meta_requests_total",
    help: "Requests to Meta, by verdict",
    labelNames: ["verdict"],
    registers,
  });
  const metaSeconds = new Histogram({
    name: "tandem_meta_request_seconds",
    help: "How long Meta took to answer",
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const batchEvents = new Histogram({
    name: "tandem_meta_request_events",
    help: "Events in a request to Meta",
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
    registers,
  });
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
    attempts,
    metaSeconds,
    batchEvents,
    settled: new Counter({
      name: "tandem_events_settled_total",
      help: "Events that ended, by outcome; one that ends anew counts again",
      labelNames: ["outcome"],
      registers,
    }),
    tokenConflicts: new Counter({
      name: "tandem_checkout_token_conflicts_total",
      help: "Orders that shared a checkout token with another order and were kept under their own id",
      registers,
    }),
    inflightBytes: new Gauge({
      name: "tandem_inflight_bytes",
      help: "What arrived and is not answered yet, in bytes; so much for each request beside its body",
      registers,
    }),
    attempted({ verdict, ms, events }) {
      attempts.inc({ verdict });
      metaSeconds.observe(ms / 1_000);
      batchEvents.observe(events);
    },
    render: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

/** A store that does not answer costs this one number, not the scrape. */
function queueAgeGauge(registers: Registry[], { queueAge }: MetricsDeps): void {
  new Gauge({
    name: "tandem_queue_age_seconds",
    help: "For how long the oldest event has been due that nothing keeps from leaving; 0: none is, absent: not known",
    registers,
    async collect() {
      const ms = await queueAge().catch(() => null);
      if (ms === null) this.remove();
      else this.set(ms / 1_000);
    },
  });
}

interface Settling {
  settlements: readonly { id: number; outcome: string; changes: readonly unknown[] }[];
}

/**
 * The store's `settle`, counted. Only what changes the dashboards' counts is an ending: a row that goes on waiting is none,
 * nor is one that is looked at again to be forgotten.
 */
export function countingSettled<Work extends Settling>(
  settle: (work: Work) => Promise<{ lost: number[] }>,
  { settled }: Pick<Metrics, "settled">,
): (work: Work) => Promise<{ lost: number[] }> {
  return async (work) => {
    const result = await settle(work);
    const lost = new Set(result.lost);
    for (const { id, outcome, changes } of work.settlements) {
      if (changes.length > 0 && !lost.has(id)) settled.inc({ outcome });
    }
    return result;
  };
}

/** For how long the first of what may leave has been due, in milliseconds; 0 where nothing may. Epoch milliseconds. */
export function queueAge(now: number, due: readonly { since: number }[]): number {
  return now - due.reduce((oldest, { since }) => Math.min(oldest, since), now);
}
