import { Agent, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";

/** How requests reach the server: by Node's client, or as the bytes they are, where no client would send them. */

export interface Asked {
  method: string;
  /** As it stands on the request line: nothing tidies it. */
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

export interface Answer {
  /** Null: the connection ended, or was silent for too long, without one. */
  status: number | null;
  /** All statuses heard on one connection: more than one where a request hid another. */
  statuses: readonly number[];
  /** The head as it came, names in lower case. */
  head: string;
  type: string;
  location: string | null;
  body: string;
  /** Milliseconds until it was there. */
  took: number;
}

/** A page that was to be rendered on a busy machine has been there by then. */
export const ANSWER_MS = 20_000;

export interface Wire {
  ask(asked: Asked): Promise<Answer>;
  /** Writes the bytes, and ends the sender's side where `hangUp`; hears until nothing more is said. */
  speak(bytes: string | Buffer, how?: { hangUp?: boolean }): Promise<Answer>;
  host: string;
  port: number;
  close(): void;
}

export function openWire(origin: string): Wire {
  const { hostname, port, host } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const at = { host: hostname, port: Number(port) };
  return {
    host,
    port: at.port,
    ask: async (asked) => {
      const answer = await askOnce(asked, { ...at, agent });
      // The server may hang up on an idle connection in the moment in which the client takes it.
      return answer === "stale" ? mustAnswer(await askOnce(asked, { ...at, agent: false })) : answer;
    },
    speak: (bytes, how = {}) => speak(bytes, at, how),
    close: () => agent.destroy(),
  };
}

interface At {
  host: string;
  port: number;
}

function mustAnswer(answer: Answer | "stale"): Answer {
  return answer === "stale" ? nothing(0) : answer;
}

function nothing(took: number): Answer {
  return { status: null, statuses: [], head: "", type: "", location: null, body: "", took };
}

function askOnce(
  { method, path, headers, body }: Asked,
  { agent, ...at }: At & { agent: Agent | false },
): Promise<Answer | "stale"> {
  const begun = performance.now();
  const took = () => performance.now() - begun;
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const asking = request({ ...at, agent, method, path, headers: { ...length, ...headers } }, (response) => {
      void bodyOf(response).then((text) => {
        clearTimeout(patience);
        resolve({
          status: response.statusCode ?? null,
          statuses: [response.statusCode ?? 0],
          head: headOf(response),
          type: response.headers["content-type"] ?? "",
          location: response.headers.location ?? response.headers["x-remix-redirect"]?.toString() ?? null,
          body: text,
          took: took(),
        });
      });
    });
    const patience = setTimeout(() => asking.destroy(), ANSWER_MS);
    asking.once("error", () => {
      clearTimeout(patience);
      resolve(asking.reusedSocket && took() < ANSWER_MS ? "stale" : nothing(took()));
    });
    asking.end(body);
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk);
  } catch {
    // Cut off in the middle: what came is looked at all the same.
  }
  return Buffer.concat(chunks).toString("utf8");
}

function headOf({ rawHeaders }: IncomingMessage): string {
  const lines: string[] = [];
  for (let n = 0; n < rawHeaders.length; n += 2) lines.push(`${rawHeaders[n]?.toLowerCase()}: ${rawHeaders[n + 1]}`);
  return lines.join("\n");
}

/** After an answer the server gets so long to say more. */
const MORE_MS = 150;
const STATUS_LINE = /(?:^|\n)HTTP\/1\.[01] (\d{3})/g;

function speak(bytes: string | Buffer, at: At, { hangUp = false }: { hangUp?: boolean }): Promise<Answer> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ ...at, allowHalfOpen: true });
    let heard = "";
    let quiet: NodeJS.Timeout | undefined;
    const finish = () => {
      clearTimeout(patience);
      clearTimeout(quiet);
      socket.destroy();
      resolve(answerIn(heard, performance.now() - begun));
    };
    const patience = setTimeout(finish, ANSWER_MS);
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      heard += chunk;
      clearTimeout(quiet);
      quiet = setTimeout(finish, MORE_MS);
    });
    socket.once("error", finish).once("end", finish).once("close", finish);
    socket.write(bytes);
    if (hangUp) socket.end();
  });
}

/** What was heard on a socket. */
export function answerIn(heard: string, took: number): Answer {
  const statuses = [...heard.matchAll(STATUS_LINE)].map(([, status]) => Number(status));
  const [head = "", ...rest] = heard.split("\r\n\r\n");
  const header = (name: string) => new RegExp(`^${name}: *(.*?)\\r?$`, "im").exec(head)?.[1] ?? null;
  return {
    status: statuses[0] ?? null,
    statuses,
    head: head.replace(/^[\w-]+:/gm, (name) => name.toLowerCase()),
    type: header("content-type") ?? "",
    location: header("location"),
    body: rest.join("\r\n\r\n"),
    took,
  };
}
