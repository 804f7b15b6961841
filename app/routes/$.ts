/** No page: said here, because React Router would write the address down, and an address may name a person. */
export function loader(): never {
  throw new Response("There is no such page.", { status: 404 });
}

export const action = loader;
