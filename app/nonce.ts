import { createContext } from "react";

/** What scripts of this document must bear; undefined in the browser, which keeps it to itself. */
export const Nonce = createContext<string | undefined>(undefined);
