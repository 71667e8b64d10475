import { type OperationNode, TableNode } from 'kysely';
import type { Db } from '../platform/ports.ts';
import { watch, watchingPlugin } from '../platform/watched.ts';

/** The same view, which notes the table of each statement that is run through it, wherever in the statement the table stands. */
export function notingTables(db: Db, tables: Set<string>): Db {
  const note = (node: OperationNode): void => noteTables(node, tables);
  const noting = db.withPlugin(watchingPlugin(note));
  watch(noting, note);
  return noting;
}

function noteTables(node: OperationNode, tables: Set<string>): void {
  if (TableNode.is(node)) tables.add(node.table.identifier.name);
  for (const part of Object.values(node) as unknown[]) {
    if (Array.isArray(part)) for (const item of part) noteIfNode(item, tables);
    else noteIfNode(part, tables);
  }
}

function noteIfNode(part: unknown, tables: Set<string>): void {
  // Kysely's nodes are plain objects with a kind; what they are made of is told apart by nothing else.
  if (typeof part === 'object' && part !== null && 'kind' in part) noteTables(part as OperationNode, tables);
}
