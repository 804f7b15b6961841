/** The same models for PostgreSQL. `sqlite`: the text of prisma/schema.prisma. */
export function derived(sqlite: string): string;
