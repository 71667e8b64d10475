import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition, NameCondition } from './match-condition.ts';
import type { MomentRange } from './search-filter.ts';

type Test = Expression<SqlBool>;

/** Sorts after all text that goes on in any other way. */
export const LAST_CHARACTER = '\u{10FFFF}';
/** Letters that have been marked stand in the private use area of Unicode. */
const FIRST_MARK = 0xe000;
const MAX_INTEGER = 2 ** 31;

/** Whether a column of text or whole numbers meets a condition. @param column with its table, `study.study_date` */
export function columnMeets(column: string, condition: Condition): Test {
  const value = sql.ref(column);
  switch (condition.kind) {
    case 'equal':
      return condition.values.length === 1 ? sql`${value} = ${condition.values[0]}` : sql`${value} in (${sql.join(condition.values)})`;
    case 'wildcard':
      return anyOf(condition.patterns.map((pattern) => sql`(${startsLike(column, pattern)} and ${likeInCase(column, pattern)})`));
    case 'range':
      return condition.before === undefined
        ? sql`${value} >= ${condition.from}`
        : sql`(${value} >= ${condition.from} and ${value} < ${condition.before})`;
    case 'number':
      // A fraction is no value of an integer column, and PostgreSQL would refuse it.
      return Number.isSafeInteger(condition.value) && Math.abs(condition.value) < MAX_INTEGER
        ? sql`${value} = ${condition.value}`
        : sql`1 = 0`;
    case 'empty':
      // Columns of numbers have no empty text; the cast lets one comparison serve all.
      return sql`coalesce(cast(${value} as text), '') = ''`;
    case 'any':
      return anyOf(condition.of.map((one) => columnMeets(column, one)));
    case 'name':
      return nameMeets([column], condition);
  }
}

/** Whether a person's name does. @param columns of the alphabetic, ideographic and phonetic group, in the form of `componentForm` */
export function nameMeets(columns: readonly string[], condition: Condition): Test {
  if (condition.kind === 'empty') return allOf(columns.map((column) => sql`${sql.ref(column)} is null`));
  if (condition.kind === 'any') return anyOf(condition.of.map((one) => nameMeets(columns, one)));
  if (condition.kind !== 'name') return sql`1 = 0`;
  const literal = literalName(columns, condition);
  if (condition.words === undefined) return literal;
  const each = condition.words.map((word) =>
    anyOf(columns.flatMap((column) => ['', '% ', '%^'].map((before) => like(column, `${before}${escaped(word)}%`)))),
  );
  return sql`(${literal} or ${allOf(each)})`;
}

/** Whether a date and a time of day lie in a range of moments; without a time, a moment is the beginning of its day. */
export function momentMeets(date: string, time: string, { from, until }: MomentRange): Test {
  const [day, clock] = [sql.ref(date), sql`coalesce(${sql.ref(time)}, '')`];
  return allOf([
    ...(from ? [sql<SqlBool>`(${day} > ${from.date} or (${day} = ${from.date} and ${clock} >= ${from.time}))`] : []),
    ...(until ? [sql<SqlBool>`(${day} < ${until.date} or (${day} = ${until.date} and ${clock} < ${until.beforeTime}))`] : []),
  ]);
}

/** Whether a column holds a word anywhere, capital ASCII letters as small ones. @param word in small letters */
export function columnHolds(column: string, word: string): Test {
  return sql`lower(${sql.ref(column)}) like ${`%${escaped(word)}%`} escape '\\'`;
}

export function anyOf(tests: readonly Test[]): Test {
  return joined(tests, sql` or `);
}

export function allOf(tests: readonly Test[]): Test {
  return tests.length === 0 ? sql`1 = 1` : joined(tests, sql` and `);
}

function joined(tests: readonly Test[], separator: RawBuilder<unknown>): Test {
  return tests.length === 1 && tests[0] ? tests[0] : sql`(${sql.join(tests, separator)})`;
}

function literalName(columns: readonly string[], { anyGroup, groups }: NameCondition): Test {
  if (anyGroup !== undefined) return anyOf(columns.map((column) => fits(column, anyGroup)));
  return allOf(groups.flatMap((pattern, index) => (pattern === undefined ? [] : [fits(columns[index], pattern)])));
}

/** The name is of the pattern, or goes on with components that the pattern says nothing of. */
function fits(column: string | undefined, pattern: string): Test {
  if (column === undefined) return sql`1 = 0`;
  const value = sql.ref(column);
  if (!/[*?]/.test(pattern)) {
    const [from, before] = [`${pattern}^`, `${pattern}^${LAST_CHARACTER}`];
    return sql`(${value} = ${pattern} or (${value} >= ${from} and ${value} < ${before}))`;
  }
  const written = likePattern(pattern);
  return sql`(${startsLike(column, pattern)} and (${like(column, written)} or ${like(column, `${written}^%`)}))`;
}

/** What stands before the first wildcard, as a range that an index serves. */
function startsLike(column: string, pattern: string): Test {
  const start = /^[^*?]*/.exec(pattern)?.[0] ?? '';
  const value = sql.ref(column);
  return start === '' ? sql`1 = 1` : sql`(${value} >= ${start} and ${value} < ${start + LAST_CHARACTER})`;
}

/**
 * LIKE takes case into account in PostgreSQL, and not for ASCII letters in SQLite. So capitals of letters that the pattern has are
 * written as other characters first, on both sides.
 */
function likeInCase(column: string, pattern: string): Test {
  const letters = [...new Set(pattern.toUpperCase().match(/[A-Z]/g) ?? [])];
  const mark = (letter: string): string => String.fromCharCode(FIRST_MARK + letter.charCodeAt(0));
  const text = letters.reduce<RawBuilder<unknown>>(
    (inner, letter) => sql`replace(${inner}, ${letter}, ${mark(letter)})`,
    sql`${sql.ref(column)}`,
  );
  return sql`${text} like ${likePattern(pattern).replaceAll(/[A-Z]/g, mark)} escape '\\'`;
}

function like(column: string, pattern: string): Test {
  return sql`${sql.ref(column)} like ${pattern} escape '\\'`;
}

function likePattern(pattern: string): string {
  return escaped(pattern).replaceAll('*', '%').replaceAll('?', '_');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}
