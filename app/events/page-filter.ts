/** What reaches a dataset; an empty list lets everything through. */
export interface Filter {
  /** Lower case. */
  hosts: readonly string[];
  /** How a path begins. */
  paths: readonly string[];
  /** ISO alpha-2, upper case. */
  countries: readonly string[];
}

/**
 * Whether an event passes: before the checkout by its page, from the checkout on by the country of its address. What is not
 * known passes nothing that asks for it. `url`: as page-url.ts leaves it; `country`: undefined for an event before the checkout.
 */
export function passes(
  { hosts, paths, countries }: Filter,
  url: string | null | undefined,
  country?: string | null,
): boolean {
  const allows = (wanted: readonly string[], fits: (one: string) => boolean) => !wanted.length || wanted.some(fits);
  const [, host, path = ""] = /\/\/([^/:]+)[^/]*(.*)/.exec(url || "") || [];
  return country === undefined
    ? allows(hosts, (one) => one === host) && allows(paths, (one) => path.startsWith(one))
    : allows(countries, (one) => one === country);
}
