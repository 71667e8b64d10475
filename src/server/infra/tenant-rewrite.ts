import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  type DeleteQueryNode,
  FromNode,
  IdentifierNode,
  type InsertQueryNode,
  type JoinNode,
  type OnConflictNode,
  OnNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  PrimitiveValueListNode,
  type RawNode,
  ReferenceNode,
  SelectionNode,
  SelectQueryNode,
  TableNode,
  type UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  WhereNode,
  type WithNode,
} from 'kysely';
import { TENANT_TABLES, type TenantTable } from '../platform/schema.ts';
import type { Visibility } from '../platform/visibility.ts';
import { namedTable, rawText } from './raw-table-names.ts';
import { visibleRows } from './visible-rows.ts';

/** Whose rows a statement may touch. */
export type Limits = { tenantId: string; visibility: Visibility };

/** A statement that could not be kept to one tenant; a mistake in the program, never in what somebody sent. */
export class TenantRuleError extends Error {}

/** What is known at a place of a statement: the limits, and the names that `with` has given to queries. */
type Place = Limits & { named: ReadonlySet<string>; rewritten: WeakSet<OperationNode> };
type Source = { table: TenantTable; alias: string };
/** In the form that all statements share. */
type Statement = { kind: string; from?: FromNode; joins?: readonly JoinNode[]; where?: WhereNode; with?: WithNode };

const TENANT_ID = ColumnNode.create('tenant_id');
/** Nodes that hold names or values, and no statements. */
const LEAVES = new Set([
  'ColumnNode',
  'IdentifierNode',
  'PrimitiveValueListNode',
  'ReferenceNode',
  'SelectAllNode',
  'TableNode',
  'ValueNode',
]);
const STATEMENTS = new Set(['SelectQueryNode', 'InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode', 'RawNode']);
const OUTER = new Set(['RightJoin', 'FullJoin']);
const ON_JOINS = new Set(['InnerJoin', 'LeftJoin', 'LateralInnerJoin', 'LateralLeftJoin']);
const WHERE_JOINS = new Set(['CrossJoin', 'LateralCrossJoin']);

/**
 * The statement, kept to the rows of one tenant: each reference to a tenant's table, wherever it stands, is limited by its `tenant_id`
 * and by what is visible; inserts get the tenant's id, and so do the targets of conflicts. Done twice it changes nothing more.
 *
 * @param rewritten remembers across calls what has been rewritten with these limits
 * @throws {TenantRuleError} for a statement that cannot be limited: raw SQL that names a table, a table that is not a tenant's, `merge`,
 * insert from a query
 */
export function rewriteForTenant<N extends OperationNode>(node: N, limits: Limits, rewritten: WeakSet<OperationNode>): N {
  if (!STATEMENTS.has(node.kind)) throw new TenantRuleError(`A tenant's view takes no ${node.kind}`);
  return rewrite(node, { ...limits, named: new Set(), rewritten });
}

function rewrite<N extends OperationNode>(node: N, place: Place): N {
  if (LEAVES.has(node.kind) || place.rewritten.has(node)) return node;
  // Each statement gives a node of its own kind.
  const limited = limitStatement(node, place) as N;
  if (limited !== node && STATEMENTS.has(node.kind)) place.rewritten.add(limited);
  return limited;
}

function limitStatement(node: OperationNode, place: Place): OperationNode {
  switch (node.kind) {
    case 'SelectQueryNode':
      return limitSelect(node as SelectQueryNode, place);
    case 'UpdateQueryNode':
      return limitUpdate(node as UpdateQueryNode, place);
    case 'DeleteQueryNode':
      return limitDelete(node as DeleteQueryNode, place);
    case 'InsertQueryNode':
      return limitInsert(node as InsertQueryNode, place);
    case 'MergeQueryNode':
      throw new TenantRuleError('A tenant writes without `merge`');
    case 'RawNode':
      refuseTableNames(node as RawNode);
      return rewriteParts(node, place);
    default:
      return rewriteParts(node, place);
  }
}

function refuseTableNames(node: RawNode): void {
  const table = namedTable(rawText(node));
  if (table !== undefined) throw new TenantRuleError(`Raw SQL names the table ${table}: only the query builder can limit it to a tenant`);
}

/** The node with its parts rewritten; the very node if none changed. */
function rewriteParts<N extends OperationNode>(node: N, place: Place): N {
  let copy: N | undefined;
  for (const [name, part] of Object.entries(node)) {
    const next = Array.isArray(part) ? rewriteList(part, place) : isNode(part) ? rewrite(part, place) : part;
    if (next === part) continue;
    copy = { ...(copy ?? node), [name]: next };
  }
  return copy ?? node;
}

function rewriteList(list: readonly unknown[], place: Place): readonly unknown[] {
  let changed = false;
  const next = list.map((item) => {
    const rewritten = isNode(item) ? rewrite(item, place) : item;
    changed ||= rewritten !== item;
    return rewritten;
  });
  return changed ? next : list;
}

function isNode(part: unknown): part is OperationNode {
  return typeof part === 'object' && part !== null && 'kind' in part;
}

function limitSelect(node: SelectQueryNode, outer: Place): SelectQueryNode {
  const place = within(node, outer);
  const select = rewriteParts(node, place);
  const froms = select.from?.froms ?? [];
  const joins = select.joins ?? [];
  if (joins.some(({ joinType }) => OUTER.has(joinType))) {
    const from = FromNode.create(froms.map((table) => asQuery(table, place)));
    return { ...select, from, joins: joins.map((join) => ({ ...join, table: asQuery(join.table, place) })) };
  }
  return limitRows(select, froms, place);
}

function limitUpdate(node: UpdateQueryNode, outer: Place): UpdateQueryNode {
  const place = within(node, outer);
  const update = rewriteParts(node, place);
  for (const { column } of update.updates ?? []) refuseTenantColumn(column);
  return limitRows(update, [...(update.table ? [update.table] : []), ...(update.from?.froms ?? [])], place);
}

function limitDelete(node: DeleteQueryNode, outer: Place): DeleteQueryNode {
  const place = within(node, outer);
  const deletion = rewriteParts(node, place);
  return limitRows(deletion, [...deletion.from.froms, ...(deletion.using?.tables ?? [])], place);
}

/** Limits the tables of a statement: those of inner and left joins where they are joined, all others in its `where`. */
function limitRows<S extends Statement>(statement: S, tables: readonly OperationNode[], place: Place): S {
  const conditions = tables.flatMap((table) => conditionsOf(table, place));
  const joins = statement.joins?.map((join) => {
    const own = conditionsOf(join.table, place);
    if (own.length === 0) return join;
    if (ON_JOINS.has(join.joinType)) return { ...join, on: OnNode.create(allOf(own, join.on?.on)) };
    if (!WHERE_JOINS.has(join.joinType)) throw new TenantRuleError(`A tenant's table takes no ${join.joinType}`);
    conditions.push(...own);
    return join;
  });
  const where = conditions.length > 0 ? { where: WhereNode.create(allOf(conditions, statement.where?.where)) } : {};
  return { ...statement, ...(joins ? { joins } : {}), ...where };
}

/** A table as the query of the rows that are the tenant's: on the side that an outer join fills up, a condition would come too late. */
function asQuery(table: OperationNode, place: Place): OperationNode {
  const source = sourceOf(table, place);
  if (!source) return table;
  const rows: SelectQueryNode = {
    ...SelectQueryNode.createFrom([TableNode.create(source.table)]),
    selections: [SelectionNode.createSelectAll()],
    where: WhereNode.create(allOf(conditionsFor({ table: source.table, alias: source.table }, place))),
  };
  return AliasNode.create(rows, IdentifierNode.create(source.alias));
}

function limitInsert(node: InsertQueryNode, outer: Place): InsertQueryNode {
  const place = within(node, outer);
  const insert = rewriteParts(node, place);
  if (!insert.into || !sourceOf(insert.into, place)) throw new TenantRuleError('An insert names the table that it writes to');
  const { columns, values, onConflict } = insert;
  if (!columns || !values || values.kind !== 'ValuesNode') throw new TenantRuleError('A tenant inserts values, not the rows of a query');
  for (const column of columns) refuseTenantColumn(column);
  return {
    ...insert,
    columns: [TENANT_ID, ...columns],
    values: ValuesNode.create((values as ValuesNode).values.map((row) => ownedRow(row, place.tenantId))),
    ...(onConflict ? { onConflict: ownedConflict(onConflict, insert.into, place) } : {}),
  };
}

function ownedRow(row: ValuesNode['values'][number], tenantId: string): ValuesNode['values'][number] {
  if (row.kind === 'PrimitiveValueListNode') return PrimitiveValueListNode.create([tenantId, ...row.values]);
  return ValueListNode.create([ValueNode.create(tenantId), ...row.values]);
}

/** Rows conflict within a tenant only, and only rows that are seen are changed. */
function ownedConflict(conflict: OnConflictNode, into: TableNode, place: Place): OnConflictNode {
  for (const { column } of conflict.updates ?? []) refuseTenantColumn(column);
  if (conflict.indexExpression || (conflict.updates && !conflict.columns)) throw new TenantRuleError('A conflict is on columns');
  const { columns, updates, updateWhere } = conflict;
  const owned = columns ? { ...conflict, columns: [TENANT_ID, ...columns] } : conflict;
  if (!updates) return owned;
  return { ...owned, updateWhere: WhereNode.create(allOf(conditionsOf(into, place), updateWhere?.where)) };
}

function refuseTenantColumn(column: OperationNode): void {
  if (ColumnNode.is(column) && column.column.name === 'tenant_id') throw new TenantRuleError("`tenant_id` is not the tenant's to write");
}

/** The place inside a statement: the names of its `with` are known, and may not be those of tables. */
function within({ with: named }: { with?: WithNode }, place: Place): Place {
  if (!named) return place;
  const names = named.expressions.map(({ name }) => name.table.table.identifier.name);
  const taken = names.find((name) => Object.hasOwn(TENANT_TABLES, name));
  if (taken !== undefined) throw new TenantRuleError(`\`with\` cannot name a query as the table ${taken}`);
  return { ...place, named: new Set([...place.named, ...names]) };
}

function conditionsOf(table: OperationNode, place: Place): OperationNode[] {
  const source = sourceOf(table, place);
  return source ? conditionsFor(source, place) : [];
}

function conditionsFor({ table, alias }: Source, place: Place): OperationNode[] {
  const column = ReferenceNode.create(TENANT_ID, TableNode.create(alias));
  const owned = BinaryOperationNode.create(column, OperatorNode.create('='), ValueNode.create(place.tenantId));
  const visible = visibleRows(place, table, alias);
  return visible ? [owned, visible] : [owned];
}

/** The tenant's table that stands in `from` or a join; undefined for a query, whose own tables are limited inside it. */
function sourceOf(node: OperationNode, { named }: Place): Source | undefined {
  if (AliasNode.is(node)) {
    const source = TableNode.is(node.node) ? sourceOf(node.node, { named } as Place) : undefined;
    if (!source) return undefined;
    if (!IdentifierNode.is(node.alias)) throw new TenantRuleError(`The table ${source.table} has a raw alias`);
    return { ...source, alias: node.alias.name };
  }
  // Raw SQL names no table, see `refuseTableNames`; it can be a function that gives rows.
  if (node.kind === 'RawNode') return undefined;
  if (!TableNode.is(node)) throw new TenantRuleError(`A tenant's view cannot read from ${node.kind}`);
  const { schema, identifier } = node.table;
  if (!schema && named.has(identifier.name)) return undefined;
  if (schema || !isTenantTable(identifier.name)) throw new TenantRuleError(`${identifier.name} is not a tenant's table`);
  return { table: identifier.name, alias: identifier.name };
}

function isTenantTable(name: string): name is TenantTable {
  return Object.hasOwn(TENANT_TABLES, name);
}

/** In parentheses what was there: raw SQL may hold an `or`. */
function allOf(conditions: readonly OperationNode[], before?: OperationNode): OperationNode {
  const [first, ...more] = before ? [...conditions, ParensNode.create(before)] : conditions;
  if (!first) throw new TenantRuleError('A limited table has a condition');
  return more.reduce((all, next) => AndNode.create(all, next), first);
}
