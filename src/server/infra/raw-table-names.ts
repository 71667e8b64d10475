import { IdentifierNode, type OperationNode, RawNode, TableNode } from 'kysely';
import { TENANT_TABLES } from '../platform/schema.ts';

/** A table by its name, not as the qualifier of a column (`study.study_date`). */
const TABLE_NAME = new RegExp(`(?<![\\w$])"?(${Object.keys(TENANT_TABLES).join('|')})"?(?![\\w$"]|\\s*\\.)`, 'i');
/** Texts that were looked at; those of a program are few, and only well-behaved ones are kept. */
const MAX_KNOWN = 1_000;
const known = new Set<string>();

/** The tenant-owned table that raw SQL names, which is read or written past every limit; undefined if it names none. */
export function namedTable(sql: string): string | undefined {
  if (known.has(sql)) return undefined;
  const found = TABLE_NAME.exec(sql)?.[1]?.toLowerCase();
  if (found === undefined && known.size < MAX_KNOWN) known.add(sql);
  return found;
}

/** The text of a raw node, with the names in it, and a question mark for each value and part. */
export function rawText({ sqlFragments, parameters }: RawNode): string {
  return sqlFragments.reduce((text, fragment, index) => text + textOf(parameters[index - 1]) + fragment);
}

function textOf(part: OperationNode | undefined): string {
  if (part === undefined) return '';
  if (IdentifierNode.is(part)) return part.name;
  if (TableNode.is(part)) return part.table.identifier.name;
  // A piece that is raw itself can complete a name.
  return RawNode.is(part) ? rawText(part) : '?';
}
