/**
 * How much of what arrives may be in the process at once: read, parsed, or waiting for its commit. What would be more is
 * refused at the door, so that a store that stands still costs senders a second try and not the process its memory.
 */

/** Who wants in: a webhook that bears a signature (whether it is good is only known of the whole body), one that bears none, a beacon. */
export type Sender = "webhook" | "unsigned" | "beacon";

/**
 * Up to which part of the whole each is let in. An order is the truth, a beacon adds to it: however many beacons come, half
 * of the house is kept for orders. What bears no signature ends as 401 anyway.
 */
const MARKS: Readonly<Record<Sender, number>> = { webhook: 1, beacon: 1 / 2, unsigned: 1 / 4 };

/**
 * An order is 8 to 50 kB. What says that it is larger holds much for a sender who need not even send it: together those
 * leave half of the house to the others.
 */
const LARGE_BYTES = 64 * 1024;
const LARGE_MARK = 1 / 2;

/**
 * Anybody can write a signature that looks like one. Until it is known to be good, what one network sends holds no more than
 * this part; a proxy in front that hides addresses brings some two hundred orders through at once all the same.
 */
const NETWORK_MARK = 1 / 4;

/** What a request costs beside its body: connection, headers, its place in line. It bounds how many there can be, too. */
export const REQUEST_BYTES = 16 * 1024;

/** Leave to be in the process. */
export interface Pass {
  /** Whether the body may be of so many bytes; they are held from now on if it may. */
  holds(bytes: number): boolean;
  /** It is known to be whose it says it is: its network no longer answers for it. */
  vouch(): void;
  /** Gives everything back; once is enough. */
  leave(): void;
}

export interface Gate {
  /**
   * `bytes`: the declared length of the body, 0 where none is declared. `network`: where it comes from, which answers for it until
   * it is vouched for; null: nobody does. Null: there is no room.
   */
  enter(sender: Sender, bytes: number, network?: string | null): Pass | null;
  /** How many of them are in the process. */
  inside(sender: Sender): number;
}

/** `limit`: bytes; `changed` is told how many are held. */
export function openGate(limit: number, changed: (held: number) => void = () => undefined): Gate {
  let held = 0;
  /** Of that, by requests with large bodies. */
  let heldLarge = 0;
  const inside: Record<Sender, number> = { webhook: 0, unsigned: 0, beacon: 0 };

  /** Bytes that are held for those of whom nothing is known but their network. */
  const ofNetworks = new Map<string, number>();

  function take(bytes: number): void {
    held += bytes;
    changed(held);
  }

  function answersFor(network: string, bytes: number): void {
    const all = (ofNetworks.get(network) ?? 0) + bytes;
    if (all === 0) ofNetworks.delete(network);
    else ofNetworks.set(network, all);
  }

  return {
    enter(sender, declared, network = null) {
      let mine = 0;
      let mineLarge = 0;
      let answering = network;
      /** To hold so many for this request from now on. */
      function mayHold(bytes: number): boolean {
        const more = REQUEST_BYTES + bytes - mine;
        if (more <= 0) return true;
        const isLarge = bytes > LARGE_BYTES;
        const large = isLarge ? mine + more - mineLarge : 0;
        if (held + more > limit * MARKS[sender] || heldLarge + large > limit * (isLarge ? LARGE_MARK : 1)) return false;
        if (answering !== null) {
          if ((ofNetworks.get(answering) ?? 0) + more > limit * NETWORK_MARK) return false;
          answersFor(answering, more);
        }
        mine += more;
        mineLarge += large;
        heldLarge += large;
        take(more);
        return true;
      }
      if (!mayHold(declared)) return null;
      inside[sender] += 1;
      let isInside = true;
      function vouch(): void {
        if (answering !== null) answersFor(answering, -mine);
        answering = null;
      }
      return {
        holds: (bytes) => isInside && mayHold(bytes),
        vouch,
        leave() {
          if (!isInside) return;
          isInside = false;
          vouch();
          inside[sender] -= 1;
          heldLarge -= mineLarge;
          take(-mine);
        },
      };
    },
    inside: (sender) => inside[sender],
  };
}
