import { describe, expect, it } from "vitest";
import { IN_VAIN_MS, LOOK_EVERY_MS, type Surroundings, watch } from "~/components/test-events/watch";
import { heldClock } from "../support/clock";

const MINUTE = 60_000;

/** A page that somebody has open, and a clock that stands until it is moved. */
function open() {
  const clock = heldClock();
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" as DocumentVisibilityState });
  let listeners = 0;
  const due = new Map<() => void, number>();
  const surroundings: Surroundings = {
    page: {
      get visibilityState() {
        return page.visibilityState;
      },
      addEventListener(type, listener) {
        listeners += 1;
        page.addEventListener(type, listener);
      },
      removeEventListener(type, listener) {
        listeners -= 1;
        page.removeEventListener(type, listener);
      },
    },
    now: clock.now,
    later(run, ms) {
      due.set(run, clock.now() + ms);
      return () => void due.delete(run);
    },
  };
  let looks = 0;
  let rests = 0;
  let given: AbortSignal | undefined;
  let answer: Promise<boolean> = Promise.resolve(false);
  const end = watch(
    {
      look(signal) {
        looks += 1;
        given = signal;
        return answer;
      },
      rest: () => {
        rests += 1;
      },
    },
    surroundings,
  );
  return {
    end,
    looks: () => looks,
    rests: () => rests,
    given: () => given,
    listeners: () => listeners,
    answers: (next: boolean | Promise<boolean>) => {
      answer = Promise.resolve(next);
    },
    show(visibility: DocumentVisibilityState) {
      page.visibilityState = visibility;
      page.dispatchEvent(new Event("visibilitychange"));
    },
    /** Time passes, tick by tick. */
    async pass(ms: number) {
      for (let passed = 0; passed <= ms; passed += passed < ms ? Math.min(1_000, ms - passed) : 1) {
        for (const [run, at] of due) {
          if (at > clock.now()) continue;
          due.delete(run);
          run();
        }
        // What a look answered is acted on.
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        if (passed < ms) clock.pass(Math.min(1_000, ms - passed));
      }
    },
  };
}

describe("a page that watches what leaves", () => {
  it("looks every two seconds", async () => {
    const page = open();
    expect(page.looks()).toBe(0);
    await page.pass(10_000);
    expect(page.looks()).toBe(10_000 / LOOK_EVERY_MS);
  });

  it("does not look while nobody sees it, and does at once when somebody does", async () => {
    const page = open();
    await page.pass(4_000);
    page.show("hidden");
    await page.pass(MINUTE);
    expect(page.looks()).toBe(2);
    page.show("visible");
    await page.pass(0);
    expect(page.looks()).toBe(3);
    await page.pass(4_000);
    expect(page.looks()).toBe(5);
  });

  it("does not look again before the last look is over, nor after it while nobody sees it", async () => {
    const page = open();
    let over = (_isNew: boolean) => {};
    page.answers(
      new Promise((resolve) => {
        over = resolve;
      }),
    );
    await page.pass(20_000);
    expect(page.looks()).toBe(1);
    page.show("hidden");
    page.show("visible");
    await page.pass(4_000);
    expect(page.looks()).toBe(1);
    page.show("hidden");
    over(false);
    await page.pass(20_000);
    expect(page.looks()).toBe(1);
  });

  it("rests when it has looked in vain for ten minutes, and says so once", async () => {
    const page = open();
    await page.pass(IN_VAIN_MS - LOOK_EVERY_MS);
    expect(page.rests()).toBe(0);
    await page.pass(LOOK_EVERY_MS);
    expect(page.rests()).toBe(1);
    const looks = page.looks();
    await page.pass(20 * MINUTE);
    page.show("visible");
    await page.pass(MINUTE);
    expect([page.looks(), page.rests()]).toEqual([looks, 1]);
  });

  it("does not rest while there is something new, nor because nobody saw it for long", async () => {
    const page = open();
    page.answers(true);
    await page.pass(IN_VAIN_MS + MINUTE);
    page.answers(false);
    page.show("hidden");
    await page.pass(IN_VAIN_MS + MINUTE);
    page.show("visible");
    await page.pass(IN_VAIN_MS - MINUTE);
    expect(page.rests()).toBe(0);
    await page.pass(MINUTE + LOOK_EVERY_MS);
    expect(page.rests()).toBe(1);
  });

  it("gives up the look that is under way when the page is left, and looks no more", async () => {
    const page = open();
    page.answers(new Promise(() => {}));
    await page.pass(LOOK_EVERY_MS);
    expect(page.given()?.aborted).toBe(false);
    page.end();
    expect([page.given()?.aborted, page.listeners()]).toEqual([true, 0]);
    page.show("visible");
    await page.pass(MINUTE);
    expect([page.looks(), page.rests()]).toEqual([1, 0]);
  });
});
