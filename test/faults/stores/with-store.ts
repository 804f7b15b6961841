import { openStore, type Store } from "~/store/store.server";

/** Opens the store at its address as the app does, for one piece of work. */
export async function withStoreAt<T>(address: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(address);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
