/** The dataset that a page's address asks for; else the first. Null: there is none. */
export function chosenDataset<Place extends { dataset: string }>(
  query: URLSearchParams,
  datasets: readonly Place[],
): Place | null {
  return datasets.find(({ dataset }) => dataset === query.get("dataset")) ?? datasets[0] ?? null;
}

/** The address of what an event of a dataset carried. */
export function matchQualityUrl(event: string, dataset: string): string {
  return `/app/match-quality/${encodeURIComponent(event)}?${new URLSearchParams({ dataset })}`;
}
