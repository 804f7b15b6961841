// node --import ./test/clock.mjs …: the process lives at another time. TEST_CLOCK_START is the instant at which it
// starts; from there its clock runs at its usual speed. Timers are not touched. app/ knows nothing of this.
const RealDate = Date;
const start = RealDate.parse(process.env.TEST_CLOCK_START ?? "");
if (Number.isNaN(start)) throw new Error("TEST_CLOCK_START must be an ISO 8601 time");
const offset = start - RealDate.now();

globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + offset);
    else super(...parts);
  }

  static now() {
    return RealDate.now() + offset;
  }
};
