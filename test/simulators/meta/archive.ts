import type { ReceivedCopy, RequestRecord } from "./types";

const MOST_COPIES = 200_000;
const MOST_REQUESTS = 200_000;
const MOST_BODY_CHARACTERS = 128 * 1024 * 1024;
/** How many copies are forgotten at once: moving up a long array for each single one would cost a millisecond. */
const FORGETS = 1000;

/** What Meta has seen, oldest first; beyond its bounds the oldest is forgotten. */
export class Archive {
  readonly received: ReceivedCopy[] = [];
  readonly requests: RequestRecord[] = [];
  /** Goes up with every change, so that what is derived may be kept until then. */
  revision = 0;
  #bodyCharacters = 0;

  take(copies: readonly ReceivedCopy[]): void {
    for (const copy of copies) this.received.push(copy);
    const excess = this.received.length - MOST_COPIES;
    if (excess > 0) this.received.splice(0, Math.ceil(excess / FORGETS) * FORGETS);
    this.revision += 1;
  }

  note(request: RequestRecord): void {
    this.revision += 1;
    this.requests.push(request);
    this.#bodyCharacters += request.body.length;
    while (this.requests.length > 1 && this.#isFull()) {
      this.#bodyCharacters -= this.requests.shift()?.body.length ?? 0;
    }
  }

  /** One of the requests was answered. */
  touch(): void {
    this.revision += 1;
  }

  /** Forgets everything; returns what is left. */
  clear(): { received: ReceivedCopy[] } {
    this.revision += 1;
    this.received.length = 0;
    this.requests.length = 0;
    this.#bodyCharacters = 0;
    return { received: this.received };
  }

  #isFull(): boolean {
    return this.requests.length > MOST_REQUESTS || this.#bodyCharacters > MOST_BODY_CHARACTERS;
  }
}
