import { type LoaderFunctionArgs, redirect } from "@remix-run/node";

export const meta = () => [{ title: "Tandem" }];

/** Shopify opens the app at its root with the shop in the query: the admin takes it from there. */
export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  if (searchParams.has("shop")) throw redirect(`/app?${searchParams}`);
  return null;
}

export default function Landing() {
  return (
    <main>
      <h1>Tandem</h1>
      <p>Tandem runs inside Shopify: open it from the Apps menu of your shop's admin.</p>
    </main>
  );
}
