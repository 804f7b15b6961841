import pino from "pino";

export type Log = pino.Logger;

/**
 * Structured logs on standard output, one JSON object a line. Personal data never gets here in the first place; the
 * redaction below is the net under that rule, not the rule.
 */
export function openLog(
  level: string,
  destination: pino.DestinationStream = pino.destination({ fd: 1, sync: false }),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: wordsOfError },
      redact: [
        "token",
        "accessToken",
        "email",
        "phone",
        "body",
        "*.token",
        "*.accessToken",
        "*.email",
        "*.phone",
        "*.body",
      ],
    },
    destination,
  );
}

/** What an error is and where it came from; what else hangs on it (a response, a request, its headers) is left out. */
function wordsOfError(error: unknown): object {
  // Shopify's library throws its answers.
  if (error instanceof Response) return { message: `answered ${error.status}` };
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause === undefined ? {} : { cause: wordsOfError(cause) }) };
}
