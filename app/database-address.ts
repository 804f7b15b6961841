/** Whether a database's address is PostgreSQL's; else it is SQLite's. */
export function isPostgres(address: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(address);
}
