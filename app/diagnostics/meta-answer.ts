import { z } from "zod";
import { counted } from "../counted";

/** What Meta answered a request, for a person to read. */
export interface MetaSaid {
  /** In a sentence; what is Meta's own stands word for word. */
  says: string;
  /** What Meta's answer says besides: nothing, as a rule. */
  messages: string[];
  /** Meta's name of the request, to quote to its support. */
  traceId: string | null;
}

const message = z.unknown().transform((said) => (typeof said === "string" ? said : JSON.stringify(said)));
const accepted = z.object({
  events_received: z.number(),
  messages: z.array(message).catch([]),
  fbtrace_id: z.string().nullish().catch(null),
});
const failed = z.object({
  error: z.object({
    code: z.number(),
    error_subcode: z.number().nullish().catch(null),
    message: z.string().catch("without a message"),
    error_user_msg: z.string().nullish().catch(null),
    fbtrace_id: z.string().nullish().catch(null),
  }),
});

/** `status`: HTTP, null where no answer came; `text`: Meta's answer, null where it is no longer kept or cannot be opened. */
export function metaSaid(status: number | null, text: string | null): MetaSaid {
  const nothing = { messages: [], traceId: null };
  if (status === null) return { says: "No answer came.", ...nothing };
  if (text === null) return { says: "Meta's answer is not kept any more, or cannot be opened.", ...nothing };
  const json = jsonOf(text);
  const yes = accepted.safeParse(json);
  if (yes.success && status === 200) {
    const { events_received, messages, fbtrace_id } = yes.data;
    return {
      says: `Meta received ${counted(events_received, "event")} with this request.`,
      messages,
      traceId: fbtrace_id ?? null,
    };
  }
  const no = failed.safeParse(json);
  if (!no.success) return { says: `Something that is not Meta's API answered, with HTTP ${status}.`, ...nothing };
  const { code, error_subcode, message: says, error_user_msg, fbtrace_id } = no.data.error;
  const codes = error_subcode == null ? `${code}` : `${code}, ${error_subcode}`;
  return {
    says: `Meta refused it, HTTP ${status}, error ${codes}: ${says}`,
    messages: error_user_msg == null ? [] : [error_user_msg],
    traceId: fbtrace_id ?? null,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
