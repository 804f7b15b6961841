import { useEffect, useRef, useState } from "react";
import type { Sent } from "../../diagnostics/sent";
import { watch } from "./watch";

/** What left for a dataset, as it is at this moment. */
interface Watching {
  sent: Sent;
  /** It looked for long without anything new, and has stopped. */
  resting: boolean;
  goOn: () => void;
  /** The last look did not succeed. */
  failed: boolean;
}

/**
 * `loaded`: what the page came with. Not looked at as one of Remix's revalidations, which would read the whole page again and
 * give up a form that is being sent.
 */
export function useSent(loaded: Sent): Watching {
  const [sent, setSent] = useState(loaded);
  const [resting, setResting] = useState(false);
  const [failed, setFailed] = useState(false);
  const shown = useRef(new Set<string>());
  useEffect(() => {
    shown.current = textsOf(loaded);
    setSent(loaded);
    // The page is read again when somebody has done something on it.
    setResting(false);
  }, [loaded]);
  const { dataset } = loaded;
  useEffect(() => {
    if (resting) return;
    const address = `/app/test-events/latest?${new URLSearchParams({ dataset })}`;
    return watch({
      async look(given) {
        try {
          const response = await fetch(address, { signal: given });
          if (!response.ok) throw new Error(`answered ${response.status}`);
          const latest: Sent = await response.json();
          if (given.aborted) return false;
          setFailed(false);
          setSent(latest);
          const lines = textsOf(latest);
          const isNew = [...lines].some((line) => !shown.current.has(line));
          shown.current = lines;
          return isNew;
        } catch {
          const left = given.aborted && given.reason?.name !== "TimeoutError";
          if (!left) setFailed(true);
          return false;
        }
      },
      rest: () => setResting(true),
    });
  }, [dataset, resting]);
  return { sent, resting, goOn: () => setResting(false), failed };
}

/** Each line as it stands; one that has grown too old to be listed makes none of the others new. */
function textsOf({ lines }: Sent): Set<string> {
  return new Set(lines.map((line) => JSON.stringify(line)));
}
