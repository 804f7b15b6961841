import type { PixelPage } from "../pixel/page";
import type { StepAnswer } from "../server/api";

/** A field that the shop will not take as it is. */
export class FieldRefused extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** Takes a step at the shop, and publishes what happened by it. */
export async function takeStep(page: PixelPage, path: string, body: unknown): Promise<StepAnswer> {
  const response = await fetch(`/storefront-api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as StepAnswer & { field?: string; error?: string };
  if (!response.ok) throw new FieldRefused(answer.field ?? "", answer.error ?? "That did not work.");
  for (const happening of answer.happenings) page.publish(happening);
  if (answer.count !== undefined) showCount(answer.count);
  return answer;
}

function showCount(count: number): void {
  const shown = document.getElementById("cart-count");
  if (shown === null) return;
  shown.textContent = String(count);
  shown.dataset.count = String(count);
}
