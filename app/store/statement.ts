/**
 * The store's verbs are written once for both databases: a verb yields its statements one after the other and is given
 * their answers. SQLite runs it to its end in one synchronous turn, so that nothing of this process can land inside its
 * transaction; PostgreSQL waits for each answer.
 */

/** SQL with parameters ?1, ?2 …; written by dialect where the two databases have no words in common. */
export type Sql = string | ((dialect: Dialect) => string);

/** What a parameter may be. Instants and ids are whole numbers; JSON is text. */
export type Parameter = string | number | boolean | null;

export interface Statement {
  sql: Sql;
  parameters: readonly Parameter[];
  /** Whether it answers rows, or how many it changed. */
  answers: "rows" | "changes";
}

export type Answered = readonly unknown[] | number;

/** A verb under way. Everything it does is one transaction; it may be run again from its start. */
export type Work<Result> = Generator<Statement, Result, Answered>;

/** The rows of a statement. */
export function* all<Row>(sql: Sql, ...parameters: Parameter[]): Work<Row[]> {
  return (yield { sql, parameters, answers: "rows" }) as Row[];
}

/** Runs a statement that returns no rows; answers how many it changed. */
export function* run(sql: Sql, ...parameters: Parameter[]): Work<number> {
  return (yield { sql, parameters, answers: "changes" }) as number;
}

/** Types of what stands in a JSON list. */
export type ColumnType = "integer" | "text" | "boolean";

/** Where the two databases have no words in common. */
export interface Dialect {
  name: "sqlite" | "postgres";
  /** A JSON list of lists as a table with these columns, in their order; to be given a name with AS. */
  rows(parameter: string, columns: Readonly<Record<string, ColumnType>>): string;
  /** A JSON list of plain values as a list for IN (…). */
  values(parameter: string, type: ColumnType): string;
  /** What time the database takes it to be, epoch milliseconds. */
  clock: string;
  /** Joins the table on its left, key by key, into an index of the table on its right. */
  keyByKey: string;
  /** What the database itself calls a row by, for as long as the row is locked. */
  rowId: string;
  /** Locks the rows of a sub-select, and passes over those that somebody else has locked. */
  skipLocked: string;
  /** Locks the rows of a select until the transaction ends. */
  forUpdate: string;
  /**
   * A query that locks the names of a JSON list until the transaction ends: whoever has one for himself `alone` has no other
   * beside him, those who have it `together` have each other.
   */
  lockNames(parameter: string, how: "alone" | "together"): string;
  /** A text that is compared, but by which no index is to be chosen: nearly every row may have the value. */
  unindexed(column: string): string;
  /** After a table's name: read it by this index, which without statistics looks no better than others. */
  by(index: string): string;
  greatest(one: string, other: string): string;
  /** JSON text of an object with the keys of both; where both have one, that of `over`. */
  merged(base: string, over: string): string;
  /** Whether a key in JSON text is false; an absent one is not. */
  isFalse(json: string, key: string): string;
}
