import { createTransport } from "nodemailer";

/** The operator's mail server, and whom mail comes from. The address holds a password: nothing here says it again. */
export interface Smtp {
  /** smtp:// or smtps://, with a name and a password where the server wants them. */
  url: string;
  from: string;
}

export interface Letter {
  to: readonly string[];
  subject: string;
  /** Plain text. */
  text: string;
  /** The same on every try. */
  id: string;
}

/** What came of it: the server's own answer, or what is in the way, in words for a merchant. */
export type Mailed = { ok: true; says: string } | { ok: false; says: string };

/** Sends mail to one server and to no other. Never throws. */
export interface Mail {
  send(letter: Letter): Promise<Mailed>;
}

const TIMEOUT_MS = 8_000;
const MOST_WORDS = 200;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const PORTS: Record<string, number> = { "smtp:": 587, "smtps:": 465 };

export function openMail({ url, from }: Smtp): Mail {
  const { protocol, hostname, port, username, password } = new URL(url);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (PORTS[protocol] ?? 587) : Number(port),
    secure: protocol === "smtps:",
    // A password must not cross a network in the clear.
    requireTLS: user !== "" && protocol === "smtp:" && !LOOPBACK.has(hostname),
    ...(user !== "" && { auth: { user, pass } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
    // A letter is its text: it names no file and no address that is to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  const host = new URL(`https://${from.replace(/^.*@|>$/g, "")}`).hostname;
  return {
    async send({ to, subject, text, id }) {
      try {
        const { response } = await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          messageId: `<${id}@${host}>`,
          headers: { "Auto-Submitted": "auto-generated" },
        });
        return { ok: true, says: shown(response, [user, pass]) };
      } catch (error) {
        return { ok: false, says: faultOf(error, [user, pass]) };
      }
    },
  };
}

const UNREACHABLE = "The mail server could not be reached, or did not answer in time.";

/** By nodemailer's code of it: https://nodemailer.com/smtp#error-handling */
const FAULTS: Readonly<Record<string, string>> = {
  EAUTH: "The mail server did not take the name or the password in SMTP_URL: whoever runs Tandem must look.",
  ENOAUTH: "The mail server did not take the name or the password in SMTP_URL: whoever runs Tandem must look.",
  EREQUIRETLS: "The mail server offers no safe connection: whoever runs Tandem must look at SMTP_URL.",
  ETLS: "The mail server offers no safe connection: whoever runs Tandem must look at SMTP_URL.",
};

/** What the server answered, where it did; never where it is or how it was signed in to, which is the operator's affair. */
function faultOf(error: unknown, secrets: readonly string[]): string {
  const { code, response } = error as { code?: unknown; response?: unknown };
  const known = typeof code === "string" ? FAULTS[code] : undefined;
  if (known !== undefined) return known;
  return typeof response === "string" && response !== ""
    ? `The mail server refused: ${shown(response, secrets)}`
    : UNREACHABLE;
}

function shown(answer: string, secrets: readonly string[]): string {
  const words = secrets
    .filter((secret) => secret !== "")
    .reduce((left, secret) => left.replaceAll(secret, "…"), answer);
  return words.replaceAll(/\s+/g, " ").slice(0, MOST_WORDS);
}
