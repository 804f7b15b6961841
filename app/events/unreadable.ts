const PREFIX = "unreadable.";

/** The id of what cannot be read: its own cannot be trusted, and must not block a later copy that can be read. */
export function unreadableId(message: string): string {
  return `${PREFIX}${message}`;
}

/** Whether a row or a line with this id tells of what could not be read. */
export function isUnreadable(eventId: string | null): boolean {
  return eventId?.startsWith(PREFIX) ?? false;
}

/** The same, in SQL, of a column. */
export function readableIn(column: string): string {
  return `${column} NOT LIKE '${PREFIX}%'`;
}
