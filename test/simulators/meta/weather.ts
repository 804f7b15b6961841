import { z } from "zod";
import { refuseByCode } from "./errors";
import { json, type Reply } from "./http";

const spell = {
  /** How many requests it strikes; 1 when neither this nor forMs is given. */
  count: z.int().positive().optional(),
  /** Or how long it lasts, counted from the first request it strikes. */
  forMs: z.number().positive().optional(),
  /** Strikes this dataset only. */
  dataset: z.string().regex(/^\d+$/).optional(),
};
const ms = z.number().nonnegative();

const step = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(200).max(599),
    body: z.enum(["json", "html", "garbage"]).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    ...spell,
  }),
  z.strictObject({ kind: z.literal("timeout"), ms, ...spell }),
  z.strictObject({ kind: z.literal("cut"), ...spell }),
  z.strictObject({
    kind: z.literal("error"),
    code: z.int(),
    subcode: z.int().optional(),
    transient: z.boolean().optional(),
    /** Quotes the request to whoever reads it. */
    quotes: z.boolean().optional(),
    ...spell,
  }),
  z.strictObject({ kind: z.literal("taken_then_timeout"), ms, ...spell }),
  z.strictObject({ kind: z.literal("taken_then_cut"), ...spell }),
  z.strictObject({ kind: z.literal("taken_then_garbage"), ...spell }),
  z.strictObject({ kind: z.literal("latency"), ms, headers: z.record(z.string(), z.string()).optional(), ...spell }),
]);

/** One scripted fault. */
export type WeatherStep = z.infer<typeof step>;

/** Parses what `POST /weather` brings. */
export const weatherSteps = z.array(step);

/** What becomes of a request: an answer, or a socket that is cut without one. */
export type Ending = Reply | "cut";

interface Pending {
  step: WeatherStep;
  used: number;
  since: number | null;
}

/** Scripted faults at POST /events. */
export class Weather {
  #pending: Pending[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Replaces whatever was still to come; `[]` clears the sky. */
  script(steps: readonly WeatherStep[]): void {
    this.#pending = steps.map((step) => ({ step, used: 0, since: null }));
  }

  /** The steps that are still to come, the current one first. */
  forecast(): WeatherStep[] {
    this.#forgetOver();
    return this.#pending.map((pending) => pending.step);
  }

  /** Takes the first step that concerns this dataset; null: clear sky. */
  next(dataset: string): WeatherStep | null {
    this.#forgetOver();
    const pending = this.#pending.find(({ step }) => step.dataset === undefined || step.dataset === dataset);
    if (!pending) return null;
    pending.used += 1;
    pending.since ??= this.#now();
    return pending.step;
  }

  #forgetOver(): void {
    const now = this.#now();
    this.#pending = this.#pending.filter(({ step, used, since }) =>
      step.forMs === undefined ? used < (step.count ?? 1) : since === null || now - since < step.forMs,
    );
  }
}

/**
 * Lets a step strike one request. `take` judges the request and takes its events; steps that refuse never call it.
 * `sent` is its body. Latency takes first and answers late: a client that has hung up meanwhile has delivered all the same.
 */
export async function strike(
  step: WeatherStep,
  take: () => Reply,
  wait: (ms: number) => Promise<void>,
  sent: string,
): Promise<Ending> {
  switch (step.kind) {
    case "status":
      return { status: step.status, ...STATUS_BODIES[step.body ?? "json"](step.status, step.headers) };
    case "error": {
      const refused = refuseByCode(step.code, step.subcode, step.transient);
      const quoted = step.quotes ? { error_user_msg: sent } : {};
      return json({ error: { ...refused.error, ...quoted } }, refused.http);
    }
    case "cut":
      return "cut";
    case "timeout":
      await wait(step.ms);
      return "cut";
    case "taken_then_cut":
      take();
      return "cut";
    case "taken_then_timeout":
      take();
      await wait(step.ms);
      return "cut";
    case "taken_then_garbage":
      return { ...take(), status: 200, body: '{"events_rec' };
    case "latency": {
      const reply = take();
      await wait(step.ms);
      return { ...reply, headers: { ...reply.headers, ...step.headers } };
    }
  }
}

type Headers = Readonly<Record<string, string>> | undefined;

const STATUS_BODIES = {
  json: (status: number, headers: Headers) => {
    const { error } = refuseByCode(codeOf(status), undefined, undefined);
    return {
      headers: { "content-type": "application/json; charset=UTF-8", ...headers },
      body: JSON.stringify({ error }),
    };
  },
  html: (status: number, headers: Headers) => ({
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
    body: `<!doctype html><title>Error</title><h1>Sorry, something went wrong.</h1><p>${status}</p>`,
  }),
  garbage: (_status: number, headers: Headers) => ({
    headers: { "content-type": "application/json; charset=UTF-8", ...headers },
    body: '\u0000{"error":{"mess',
  }),
};

/** The Graph code that usually comes with a status. */
function codeOf(status: number): number {
  if (status === 429) return 4;
  if (status === 503) return 2;
  if (status === 401) return 190;
  return status >= 500 ? 1 : 100;
}
