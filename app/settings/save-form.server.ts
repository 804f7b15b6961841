import type { z } from "zod";
import type { Store } from "../store/store.server";
import type { Change } from "./change";
import { type Faults, faultsByField } from "./form-fields";
import type { Shop } from "./registry.server";
import { parseSettings } from "./settings";

/** What a page is answered that wants settings changed. */
export interface SaveAnswer {
  /** A message for each field that is not as it should be. */
  faults: Faults;
  saved: boolean;
}

/** Reads a page's form and saves what it changes: all of it or, where a field is not as it should be, nothing. */
export async function saveForm<Form>(
  sent: Record<string, FormDataEntryValue>,
  form: z.ZodType<Form>,
  change: Change<Form>,
  { shop, store }: { shop: Shop; store: Pick<Store, "changeSettings"> },
): Promise<SaveAnswer> {
  const parsed = form.safeParse(sent);
  if (!parsed.success) return { faults: faultsByField(parsed.error, sent), saved: false };
  const wanted = change(shop.settings, parsed.data);
  if ("faults" in wanted) return { faults: wanted.faults, saved: false };
  await store.changeSettings(shop.id, (stored) => {
    // Once more, on what is stored by now.
    const changed = change(parseSettings(stored), parsed.data);
    return "settings" in changed ? JSON.stringify(changed.settings) : stored;
  });
  return { faults: {}, saved: true };
}
