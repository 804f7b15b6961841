/** Reads the part of a Dockerfile's language that ours uses; what it does not know, it refuses. */

/** https://docs.docker.com/reference/dockerfile/ */
export interface Stage {
  name: string;
  workdir: string;
  env: Record<string, string>;
  steps: Step[];
  volume: string | null;
  user: { uid: number; gid: number } | null;
  stopSignal: NodeJS.Signals | null;
  healthcheck: string[] | null;
  command: string[] | null;
}

export type Step =
  | { kind: "run"; command: string }
  /** `from`: another stage; null: the checkout. `owner`: whose it becomes; null: root's. */
  | { kind: "copy"; from: string | null; owner: string | null; sources: string[]; to: string };

type Reader = (stage: Stage, rest: string) => void;

const INSTRUCTIONS: Record<string, Reader> = {
  WORKDIR: (stage, rest) => {
    beforeSteps(stage, "WORKDIR");
    stage.workdir = rest;
  },
  ENV: (stage, rest) => {
    beforeSteps(stage, "ENV");
    for (const pair of rest.split(" ")) {
      const [, name = "", value = ""] = matched(/^([A-Z_]+)=(\S+)$/, pair);
      stage.env[name] = value;
    }
  },
  RUN: (stage, command) => void stage.steps.push({ kind: "run", command }),
  COPY: (stage, rest) => void stage.steps.push(copy(rest)),
  VOLUME: (stage, rest) => {
    stage.volume = rest;
  },
  USER: (stage, rest) => {
    const [, uid, gid] = matched(/^(\d+):(\d+)$/, rest);
    stage.user = { uid: Number(uid), gid: Number(gid) };
  },
  EXPOSE: (_stage, rest) => void matched(/^\d+$/, rest),
  STOPSIGNAL: (stage, rest) => {
    stage.stopSignal = matched(/^SIG[A-Z]+$/, rest)[0] as NodeJS.Signals;
  },
  HEALTHCHECK: (stage, rest) => {
    stage.healthcheck = words(matched(/^(?:--\S+\s+)*CMD\s+(.*)$/, rest)[1] ?? "");
  },
  CMD: (stage, rest) => {
    stage.command = words(rest);
  },
};

/** The stages in their order. Throws for what it does not know. */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const line of instructionsOf(text)) {
    const [, instruction = "", rest = ""] = matched(/^([A-Z]+)\s+(.*)$/s, line);
    if (instruction === "FROM") stages.push(stageOf(rest));
    else {
      const stage = stages.at(-1);
      const read = INSTRUCTIONS[instruction];
      if (stage === undefined || read === undefined)
        throw new Error(`cannot read this line of the Dockerfile: ${line}`);
      read(stage, rest);
    }
  }
  return stages;
}

/** Lines without comments, each with its continuations. */
function instructionsOf(text: string): string[] {
  const lines = text.split("\n").filter((line) => !/^\s*#/.test(line));
  return lines
    .join("\n")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line !== "");
}

function stageOf(rest: string): Stage {
  // By its digest: a tag says what it is, but may be moved.
  const [, name = ""] = matched(/^node:\d+\.\d+\.\d+-[a-z-]+@sha256:[0-9a-f]{64} AS ([a-z]+)$/, rest);
  const nothingYet = { volume: null, user: null, stopSignal: null, healthcheck: null, command: null };
  return { name, workdir: "/", env: {}, steps: [], ...nothingYet };
}

function copy(rest: string): Step {
  const [, flags = "", paths = ""] = matched(/^((?:--\S+ )*)(.*)$/, rest);
  let from: string | null = null;
  let owner: string | null = null;
  for (const flag of flags.split(" ").filter((word) => word !== "")) {
    const [, name, value = ""] = matched(/^--(from|chown)=(\S+)$/, flag);
    if (name === "from") from = value;
    else owner = value;
  }
  const sources = paths.split(" ");
  const to = sources.pop() ?? "";
  return { kind: "copy", from, owner, sources, to };
}

/** Commands in the form that no shell takes apart. */
function words(json: string): string[] {
  const parsed: unknown = JSON.parse(json);
  if (!Array.isArray(parsed)) throw new Error(`not a list of words: ${json}`);
  return parsed.map(String);
}

/** Docker sets it for the steps that follow only: here it comes first, or not at all. */
function beforeSteps({ steps }: Stage, instruction: string): void {
  if (steps.length > 0) throw new Error(`${instruction} comes before the first COPY or RUN of its stage`);
}

function matched(pattern: RegExp, text: string): RegExpExecArray {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`the Dockerfile says ${text}, which is not like ${pattern}`);
  return match;
}

/** Whether a path of the checkout reaches the build. Throws for a .dockerignore that is not a list of what may. */
export function contextOf(dockerignore: string): (path: string) => boolean {
  const [first, ...named] = dockerignore.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  if (first !== "*") throw new Error("the first line of .dockerignore is *: what is not named stays out");
  const allowed = named.map((line) => matched(/^!([\w./-]+)$/, line)[1]);
  return (path) => allowed.some((name) => path === name || path.startsWith(`${name}/`));
}
