import { isRouteErrorResponse, Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteError } from "@remix-run/react";
import { type ReactNode, useContext } from "react";
import { Nonce } from "./nonce";

/** The document around every page, and around what is said in place of one. */
export function Layout({ children }: { children: ReactNode }) {
  const nonce = useContext(Nonce);
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration {...(nonce && { nonce })} />
        <Scripts {...(nonce && { nonce })} />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

/** In place of Remix's own, which prints the error past the log: in its words stands the address, and that may name a person. */
export function ErrorBoundary() {
  const fault = useRouteError();
  return (
    <main>
      <h1>{isRouteErrorResponse(fault) ? `${fault.status} ${fault.statusText}` : "Something went wrong"}</h1>
    </main>
  );
}
