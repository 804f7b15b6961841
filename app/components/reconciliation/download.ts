/** Saves the lines behind an address of orders as a file. App Bridge gives the request its token, which a link would lack. */
export async function downloadLines(ordersUrl: string): Promise<void> {
  const answer = await fetch(ordersUrl.replace("/orders?", "/lines.csv?"));
  if (!answer.ok) {
    shopify.toast.show(`The file could not be made (${answer.status})`, { isError: true });
    return;
  }
  const url = URL.createObjectURL(await answer.blob());
  const link = Object.assign(document.createElement("a"), { href: url, download: "orders.csv" });
  link.click();
  URL.revokeObjectURL(url);
}
