import { clean, type Normalise } from "./text";

/** RFC 5321 §4.5.3.1.3: a path of 256 octets less its angle brackets. */
const MAX_LENGTH = 254;

const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:".]+(\.[^\s@<>()[\]\\,;:".]+)+$/;

/** An e-mail address, trimmed and in lower case. Gmail's dots and plus signs stay: Meta does not fold them. */
export const email: Normalise = (value) => {
  const text = clean(value).toLowerCase();
  return text.length <= MAX_LENGTH && ADDRESS.test(text) ? text : null;
};
