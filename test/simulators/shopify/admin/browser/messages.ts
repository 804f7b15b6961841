/** What the admin and the app in its frame say to each other. */

export interface NavigationLink {
  label: string;
  href: string;
}

export interface ToastOptions {
  duration?: number;
  isError?: boolean;
  action?: string;
}

export type FromApp =
  | { from: "app"; say: "at"; pathname: string; search: string; title: string }
  | { from: "app"; say: "links"; links: NavigationLink[] }
  | { from: "app"; say: "toast"; id: string; text: string; options: ToastOptions }
  | { from: "app"; say: "hide toast"; id: string }
  | { from: "app"; say: "save bar"; on: boolean }
  | { from: "app"; say: "loading"; on: boolean };

export type FromAdmin =
  | { from: "admin"; say: "go"; href: string }
  | { from: "admin"; say: "toast action"; id: string }
  | { from: "admin"; say: "toast gone"; id: string };

/** Hears what the other window says, and nobody else. */
export function hear<Message extends FromApp | FromAdmin>(
  who: Message["from"],
  other: () => Window | null,
  act: (message: Message) => void,
): void {
  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin === location.origin && source === other() && data?.from === who) act(data);
  });
}
