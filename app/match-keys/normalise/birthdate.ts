import { clean, type Normalise } from "./text";

/** Year first, one kind of separator or none. Any other order is ambiguous between day and month. */
const DATE = /^(\d{4})([-/]?)(\d{2})\2(\d{2})$/;
const TIME_AFTER_DATE = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** Meta takes 1900 until now. No clock here, so the upper bound only keeps out what is surely no birth. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2100;

/** A date of birth as YYYYMMDD. Of a timestamp the date counts as it is written, whatever its time zone. */
export const birthdate: Normalise = (value) => {
  const text = clean(value);
  const [, year = "", , month = "", day = ""] = DATE.exec(TIME_AFTER_DATE.exec(text)?.[1] ?? text) ?? [];
  return isDate(Number(year), Number(month), Number(day)) ? year + month + day : null;
};

function isDate(year: number, month: number, day: number): boolean {
  if (year < FIRST_YEAR || year > LAST_YEAR) return false;
  // A month or day that does not exist rolls over into another month.
  return new Date(Date.UTC(year, month - 1, day)).getUTCMonth() === month - 1;
}
