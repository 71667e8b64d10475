import type { SectionName, Statement } from '../../contract/reports.ts';

type Edit = {
  section: SectionName;
  before: string;
  after: string;
  /** Where the caret stands after it: of equal letters it tells which ones are new. */
  caret?: number | undefined;
};

/**
 * The statements of a draft after a section was changed: what stands behind the change moves with the text, what was changed within is the
 * reader's own from then on (`edited`), and what is gone is dropped.
 */
export function moveStatements(statements: readonly Statement[], { section, before, after, caret }: Edit): Statement[] {
  const behind = caret === undefined || !before.endsWith(after.slice(caret)) ? undefined : after.length - caret;
  const from = commonStart(before.slice(0, before.length - (behind ?? 0)), after.slice(0, after.length - (behind ?? 0)));
  const rest = behind ?? commonEnd(before.slice(from), after.slice(from));
  const to = before.length - rest;
  const change = { from, to, grown: after.length - before.length };
  return statements.flatMap((statement) => (statement.section === section ? moved(statement, change) : [statement]));
}

/** A statement on a piece of text that was put in; it takes the place of what stood on that piece before. */
export function addStatement(statements: readonly Statement[], added: Statement): Statement[] {
  const others = statements.filter(({ section, start, end }) => section !== added.section || end <= added.start || start >= added.end);
  return [...others, added];
}

/** The statements with those that `isMeant` as confirmed by the reader. */
export function confirmStatements(statements: readonly Statement[], isMeant: (statement: Statement) => boolean): Statement[] {
  return statements.map((statement) =>
    statement.state === 'unreviewed' && isMeant(statement) ? { ...statement, state: 'confirmed' } : statement,
  );
}

/** The one that a place of the text lies in; its ends count. */
export function statementAt(statements: readonly Statement[], section: SectionName, place: number): Statement | undefined {
  return statements.find((statement) => statement.section === section && statement.start <= place && place <= statement.end);
}

function moved(statement: Statement, { from, to, grown }: { from: number; to: number; grown: number }): Statement[] {
  const { start, end } = statement;
  if (end <= from) return [statement];
  if (start >= to) return [{ ...statement, start: start + grown, end: end + grown }];
  const newStart = from < start ? to + grown : start;
  const newEnd = to > end ? from : end + grown;
  return newStart < newEnd ? [{ ...statement, start: newStart, end: newEnd, state: 'edited' }] : [];
}

function commonStart(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let count = 0;
  while (count < limit && a[count] === b[count]) count += 1;
  return count;
}

function commonEnd(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let count = 0;
  while (count < limit && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return count;
}
