import { parseArgs } from "node:util";
import { misplacedOn, scenariosOn } from "./scenarios/all";
import { STORE_NAMES, type StoreName } from "./store";

/** What was asked for makes no sense; the message says why. */
export class BadArgument extends Error {}

export interface Arguments {
  seed: number;
  kills: number;
  store: StoreName;
  only: string[] | null;
  json: boolean;
}

const MOST_KILLS = 1_000;

/** Reads the command line. Throws BadArgument. */
export function argumentsOf(args: string[]): Arguments {
  const { values } = parsed(args);
  const store = STORE_NAMES.find((name) => name === values.store);
  if (store === undefined) throw new BadArgument(`--store must be ${STORE_NAMES.join(" or ")}`);
  const names = scenariosOn(store).map(({ name }) => name);
  const only = values.only?.split(",") ?? null;
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const because = misplacedOn(store).find(({ name }) => name === unknown)?.because;
    const why = because === undefined ? `there is no ${unknown}` : `${unknown} is not played on ${store}: ${because}`;
    throw new BadArgument(`--only: ${why}; there are ${names.join(", ")}`);
  }
  return {
    seed: wholeNumber(values.seed, "--seed", 4_294_967_295),
    kills: wholeNumber(values.kills, "--kills", MOST_KILLS),
    store,
    only,
    json: values.json,
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        seed: { type: "string", default: "1" },
        kills: { type: "string", default: "10" },
        store: { type: "string", default: "sqlite" },
        only: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new BadArgument(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(text: string, name: string, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 0 && number <= most) return number;
  throw new BadArgument(`${name} must be a whole number from 0 to ${most}`);
}
