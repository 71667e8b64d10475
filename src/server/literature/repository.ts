import { type Expression, type Insertable, type Selectable, type SqlBool, sql } from 'kysely';
import type { LiteratureSource } from '../../contract/literature.ts';
import type { LiteratureTables } from '../platform/literature-tables.ts';
import type { SystemDb, SystemTx } from '../platform/ports.ts';
import type { SourceRow } from './corpus-queries.ts';
import type { MeshTerm } from './read-mesh.ts';

export type LiteratureRow = Selectable<LiteratureTables['literature']>;
export type NewLiterature = Omit<Insertable<LiteratureTables['literature']>, 'id'>;
/** Rows of one statement: twenty columns each. */
const CHUNK = 50;
/** Terms of one statement. */
const TERM_CHUNK = 500;

/** Which of these keys are there, from which source, and as of when. */
export async function findKeys(
  db: SystemDb | SystemTx,
  keys: readonly string[],
): Promise<Map<string, { source: LiteratureSource; revised_on: string | null }>> {
  if (keys.length === 0) return new Map();
  const rows = await db.selectFrom('literature').select(['key', 'source', 'revised_on']).where('key', 'in', keys).execute();
  return new Map(rows.map(({ key, ...row }) => [key, row]));
}

/** Inserts rows, or puts them in the place of those with their keys. Returns the ids by key. */
export async function putLiterature(tx: SystemTx, rows: readonly NewLiterature[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (let from = 0; from < rows.length; from += CHUNK) {
    const written = await tx
      .insertInto('literature')
      .values(rows.slice(from, from + CHUNK))
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet(({ ref }) => ({
          source: ref('excluded.source'),
          title: ref('excluded.title'),
          abstract: ref('excluded.abstract'),
          authors: ref('excluded.authors'),
          journal: ref('excluded.journal'),
          published_on: ref('excluded.published_on'),
          revised_on: ref('excluded.revised_on'),
          year: ref('excluded.year'),
          pmid: ref('excluded.pmid'),
          pmcid: ref('excluded.pmcid'),
          doi: ref('excluded.doi'),
          url: ref('excluded.url'),
          publication_types: ref('excluded.publication_types'),
          mesh: ref('excluded.mesh'),
          trial_ids: ref('excluded.trial_ids'),
          first_page: ref('excluded.first_page'),
          last_page: ref('excluded.last_page'),
          design: ref('excluded.design'),
          level: ref('excluded.level'),
          is_retracted: ref('excluded.is_retracted'),
          is_preprint: ref('excluded.is_preprint'),
          imported_at: ref('excluded.imported_at'),
        })),
      )
      .returning(['id', 'key'])
      .execute();
    for (const { id, key } of written) ids.set(key, id);
  }
  return ids;
}

/** Returns the ids of what was deleted. */
export async function deleteLiterature(tx: SystemTx, keys: readonly string[]): Promise<number[]> {
  const rows = await tx.deleteFrom('literature').where('key', 'in', keys).returning('id').execute();
  return rows.map(({ id }) => id);
}

/** The keys of a text's sections: those that begin with it and a slash, or are it. */
export async function listKeysOf(db: SystemDb, key: string): Promise<string[]> {
  const rows = await db
    .selectFrom('literature')
    .select('key')
    // The slash is followed by the zero in the order of bytes.
    .where(({ and, or, eb }) => or([eb('key', '=', key), and([eb('key', '>', `${key}/`), eb('key', '<', `${key}0`)])]))
    .execute();
  return rows.map((row) => row.key);
}

/** Every row of a source. */
export async function listKeysOfSource(db: SystemDb | SystemTx, source: LiteratureSource): Promise<string[]> {
  const rows = await db.selectFrom('literature').select('key').where('source', '=', source).execute();
  return rows.map(({ key }) => key);
}

/** In the order of the ids; what is gone is left out. */
export async function findLiterature(db: SystemDb, ids: readonly number[]): Promise<LiteratureRow[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('literature').selectAll().where('id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Notes an import: what there is of the source is counted anew, and its date never goes back. */
export async function noteSource(tx: SystemTx, row: Omit<SourceRow, 'record_count'>): Promise<void> {
  const counted = {
    ...row,
    record_count: await countRows(tx, row.source),
  };
  const known = await tx.selectFrom('literature_source').select('corpus_date').where('source', '=', row.source).executeTakeFirst();
  const corpus_date = known && known.corpus_date > row.corpus_date ? known.corpus_date : row.corpus_date;
  await tx
    .insertInto('literature_source')
    .values({ ...counted, corpus_date })
    .onConflict((conflict) =>
      conflict.column('source').doUpdateSet(({ ref }) => ({
        record_count: ref('excluded.record_count'),
        corpus_date: ref('excluded.corpus_date'),
        imported_at: ref('excluded.imported_at'),
        digest: ref('excluded.digest'),
      })),
    )
    .execute();
}

/** Counts anew what is held of a source. */
export async function noteCount(tx: SystemTx, source: LiteratureSource): Promise<void> {
  await tx
    .updateTable('literature_source')
    .set({ record_count: await countRows(tx, source) })
    .where('source', '=', source)
    .execute();
}

async function countRows(tx: SystemTx, source: SourceRow['source']): Promise<number> {
  const { count } = tx.fn;
  const rows =
    source === 'mesh'
      ? tx.selectFrom('mesh_term').select(count<number>('descriptor').distinct().as('rows'))
      : source === 'trials'
        ? tx.selectFrom('trial').select(count<number>('id').as('rows'))
        : tx.selectFrom('literature').select(count<number>('id').as('rows')).where('source', '=', source);
  return (await rows.executeTakeFirstOrThrow()).rows;
}

/** Adds terms of the thesaurus; returns how many were new. */
export async function addMeshTerms(tx: SystemTx, terms: readonly MeshTerm[]): Promise<number> {
  let added = 0;
  for (let from = 0; from < terms.length; from += TERM_CHUNK) {
    const written = await tx
      .insertInto('mesh_term')
      .values(terms.slice(from, from + TERM_CHUNK))
      .onConflict((conflict) => conflict.columns(['term', 'descriptor']).doNothing())
      .returning('term')
      .execute();
    added += written.length;
  }
  return added;
}

export type LiteratureFilter = {
  from_year?: number;
  to_year?: number;
  max_level?: number;
  source?: LiteratureSource;
  include_preprints?: boolean;
};

/** The condition on `literature` that a filter is; undefined for one that lets everything through. */
export function filterOf(filter: LiteratureFilter): Expression<SqlBool> | undefined {
  const { from_year, to_year, max_level, source, include_preprints = true } = filter;
  const conditions = [
    ...(from_year === undefined ? [] : [sql<SqlBool>`literature.year >= ${from_year}`]),
    ...(to_year === undefined ? [] : [sql<SqlBool>`literature.year <= ${to_year}`]),
    ...(max_level === undefined ? [] : [sql<SqlBool>`literature.level <= ${max_level}`]),
    ...(source === undefined ? [] : [sql<SqlBool>`literature.source = ${source}`]),
    ...(include_preprints ? [] : [sql<SqlBool>`literature.is_preprint = 0`]),
  ];
  return conditions.length === 0 ? undefined : sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}
