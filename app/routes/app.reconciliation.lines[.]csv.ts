import type { LoaderFunctionArgs } from "@remix-run/node";
import { linesCsv } from "../diagnostics/lines-csv.server";
import { reconciliationQuery } from "../diagnostics/reconciliation-query";
import { running } from "../running.server";
import { authenticatedShop } from "../shopify.server";

/** The last words on the orders that an address asks for, as a file for a spreadsheet. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await authenticatedShop(request);
  const { store, now } = running();
  const query = reconciliationQuery(new URL(request.url).searchParams, shop, now());
  if (query.fault !== null) throw new Response(query.fault, { status: 400 });
  return new Response(await linesCsv(store, shop, query), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="orders.csv"',
      "cache-control": "no-store",
    },
  });
}
