/** A leg is one of the two ways a conversion reaches Meta: the browser's /tr or the server's /events. */
export type Leg = "browser" | "server";

export type JsonObject = { [key: string]: unknown };

/** One copy of one conversion, as Meta took it. */
export interface ReceivedCopy {
  leg: Leg;
  dataset: string;
  event_name: string;
  event_id: string | null;
  /** Epoch milliseconds of the receipt, from the stand-in's clock. */
  at: number;
  /** Server: the event object as it came. Browser: the parameters by their names on the wire (`"cd[value]"`). */
  body: JsonObject;
  /** Sent with a test_event_code: shown, but never counted as live. */
  test: boolean;
  /** What Graph lets pass although its documentation forbids it. */
  warnings: readonly string[];
}

/** Meta's error object, the inside of `{"error": …}`. */
export interface GraphError {
  message: string;
  type: string;
  code: number;
  error_subcode?: number;
  is_transient: boolean;
  error_user_title?: string;
  error_user_msg?: string;
  /** A JSON string, as Graph sends it in the wild. */
  error_data?: string;
  fbtrace_id: string;
}

/** One HTTP request to /events, whatever became of it. */
export interface RequestRecord {
  /** Epoch milliseconds of its arrival. */
  at: number;
  dataset: string;
  version: string;
  /** Whether it carried an Authorization header. */
  authorization: boolean;
  /** The HTTP status answered; 0 while no answer has left, and for good when the socket was cut. */
  status: number;
  /** How many events it carried. */
  events: number;
  /** How many of them were taken: all or none. */
  taken: number;
  /** The kind of the weather step that struck it. */
  weather: string | null;
  /** What Graph refused it with, before any weather lost the answer. */
  error: GraphError | null;
  /** The URL's path with its query. */
  path: string;
  /** The raw body. */
  body: string;
}

/** A conversion as Meta reports it, after deduplication. */
export interface CountedConversion {
  dataset: string;
  event_name: string;
  event_id: string | null;
  /** The leg whose copy Meta keeps. */
  survivor: Leg;
  /** One copy, or one of each leg, in order of receipt. */
  copies: ReceivedCopy[];
  /** The survivor's value and currency. */
  value?: number;
  currency?: string;
}
