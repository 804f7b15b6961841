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
