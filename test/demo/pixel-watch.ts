import { spawn } from "node:child_process";
import { type FSWatcher, watch } from "node:fs";

const SOURCES = ["extensions/meta-pixel/src", "app/events", "app/match-keys/normalise"];
/** An editor that saves several files makes several changes of one. */
const REST_MS = 300;

/** Builds the pixel anew whenever what it is made of changes; a shopper's next page runs it. */
export function watchPixel(tell: (words: string) => void): { close(): void } {
  let resting: NodeJS.Timeout | undefined;
  let building = false;
  let again = false;

  function build(): void {
    again = building;
    if (building) return;
    building = true;
    const child = spawn(process.execPath, ["bin/bootstrap.mjs", "pixel"], { stdio: ["ignore", "ignore", "inherit"] });
    child.once("exit", (code) => {
      building = false;
      tell(code === 0 ? "the pixel is built anew: it runs from the next page on" : "the pixel could not be built");
      if (again) build();
    });
  }

  const watchers: FSWatcher[] = SOURCES.map((folder) =>
    watch(folder, { recursive: true }, () => {
      clearTimeout(resting);
      resting = setTimeout(build, REST_MS);
    }),
  );
  return {
    close: () => {
      clearTimeout(resting);
      for (const watcher of watchers) watcher.close();
    },
  };
}
