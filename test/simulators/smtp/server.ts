import { once } from "node:events";
import { createServer, type Socket } from "node:net";

/** A letter as it arrived. */
export interface Received {
  from: string;
  to: string[];
  /** The letter's headers, by lower-case name. */
  headers: Record<string, string>;
  text: string;
  /** What the sender signed in with; null: it did not. */
  signedIn: string | null;
}

export interface SmtpStandIn {
  /** Without a name and a password. */
  host: string;
  received: Received[];
  /** Answers the next letters so instead of taking them: `550 5.1.1 no such mailbox`. */
  refuse(answers: readonly string[]): void;
  /** Whoever connects gets no word until it is told otherwise. */
  hang(silent: boolean): void;
  close(): Promise<void>;
}

interface Options {
  /** Wants its senders to sign in with this. */
  account?: { user: string; pass: string };
}

/** The words of SMTP that a sender of plain letters needs: https://www.rfc-editor.org/rfc/rfc5321, AUTH PLAIN of RFC 4954. */
export async function startSmtp({ account }: Options = {}): Promise<SmtpStandIn> {
  const received: Received[] = [];
  const refusals: string[] = [];
  const sockets = new Set<Socket>();
  let silent = false;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    if (!silent) converse(socket);
  });

  function converse(socket: Socket): void {
    const say = (line: string) => void socket.write(`${line}\r\n`);
    let [from, signedIn] = ["", null as string | null];
    let to: string[] = [];
    let letter: string[] | null = null;
    let rest = "";
    const commands: [RegExp, (words: RegExpExecArray) => void][] = [
      [/^EHLO /i, () => say(account === undefined ? "250 stand-in" : "250-stand-in\r\n250 AUTH PLAIN")],
      [
        /^AUTH PLAIN (\S+)/i,
        ([, secret = ""]) => {
          const [, user = "", pass = ""] = Buffer.from(secret, "base64").toString().split("\0");
          const known = user === account?.user && pass === account.pass;
          signedIn = known ? user : null;
          say(known ? "235 2.7.0 welcome" : `535 5.7.8 wrong password for ${user}: ${pass}`);
        },
      ],
      [
        /^MAIL FROM:<([^>]*)>/i,
        ([, address = ""]) => {
          from = address;
          say("250 2.1.0 ok");
        },
      ],
      [
        /^RCPT TO:<([^>]*)>/i,
        ([, address = ""]) => {
          to.push(address);
          say("250 2.1.5 ok");
        },
      ],
      [
        /^DATA/i,
        () => {
          letter = [];
          say("354 go on");
        },
      ],
      [/^RSET/i, () => say("250 2.0.0 ok")],
      [
        /^QUIT/i,
        () => {
          say("221 2.0.0 bye");
          socket.end();
        },
      ],
    ];

    function hear(line: string): void {
      if (letter === null) {
        const match = commands
          .map(([words, answer]) => ({ found: words.exec(line), answer }))
          .find(({ found }) => found);
        if (match?.found) match.answer(match.found);
        else say("500 5.5.2 what?");
        return;
      }
      if (line !== ".") return void letter.push(line.replace(/^\./, ""));
      const refusal = refusals.shift();
      if (refusal === undefined) received.push({ from, to, signedIn, ...parsed(letter.join("\r\n")) });
      [letter, to] = [null, []];
      say(refusal ?? `250 2.0.0 taken as ${received.length}`);
    }

    socket.setEncoding("utf8").on("data", (chunk) => {
      const lines = (rest + chunk).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(line);
    });
    say("220 stand-in ESMTP");
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    host: `127.0.0.1:${address.port}`,
    received,
    refuse: (answers) => void refusals.push(...answers),
    hang: (now) => {
      silent = now;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function parsed(letter: string): { headers: Record<string, string>; text: string } {
  const [head = "", ...body] = letter.split("\r\n\r\n");
  const lines = head.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const text = body.join("\r\n\r\n");
  const plain = headers["content-transfer-encoding"] === "quoted-printable" ? unquoted(text) : text;
  return { headers, text: plain.replaceAll("\r\n", "\n") };
}

/** https://www.rfc-editor.org/rfc/rfc2045#section-6.7 */
function unquoted(text: string): string {
  const bytes = text
    .replaceAll(/=\r\n/g, "")
    .replaceAll(/=([\dA-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
