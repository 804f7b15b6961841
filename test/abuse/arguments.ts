import { parseArgs } from "node:util";
import { BadArgument } from "../faults/arguments";
import { STORE_NAMES, type StoreName } from "../faults/store";

export interface Arguments {
  seed: number;
  requests: number;
  store: StoreName;
  json: boolean;
}

export const LEAST_REQUESTS = 2_000;
const MOST_REQUESTS = 200_000;

/** Reads the command line. Throws BadArgument. */
export function argumentsOf(args: string[]): Arguments {
  const { values } = parsed(args);
  const store = STORE_NAMES.find((name) => name === values.store);
  if (store === undefined) throw new BadArgument(`--store must be ${STORE_NAMES.join(" or ")}`);
  return {
    seed: wholeNumber(values.seed, "--seed", 0, 4_294_967_295),
    requests: wholeNumber(values.requests, "--requests", LEAST_REQUESTS, MOST_REQUESTS),
    store,
    json: values.json,
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        seed: { type: "string", default: "1" },
        requests: { type: "string", default: String(LEAST_REQUESTS) },
        store: { type: "string", default: "sqlite" },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new BadArgument(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(text: string, name: string, least: number, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new BadArgument(`${name} must be a whole number from ${least} to ${most}`);
}
