import type { Selectable } from 'kysely';
import type { LiteratureTables } from '../platform/literature-tables.ts';
import type { SystemDb } from '../platform/ports.ts';

export type SourceRow = Selectable<LiteratureTables['literature_source']>;

/** What is held of each source of publications, of the thesaurus and of trials. */
export async function listSources(db: SystemDb): Promise<SourceRow[]> {
  return db.selectFrom('literature_source').selectAll().orderBy('source').execute();
}
