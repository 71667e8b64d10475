import { type Design, designOf } from '../../clinical/literature/design-level.ts';
import type { Reference } from '../../contract/literature.ts';
import { parseColumn } from '../platform/json.ts';
import type { LiteratureRecord } from './record.ts';
import type { LiteratureRow } from './repository.ts';

/** How a reference was found: where, and whether it speaks of everything that was asked. */
type Found = Pick<Reference, 'matched'>;

/** A record of the corpus as the API shows it. */
export function referenceOfRow(
  { id: _, imported_at: _at, revised_on: _on, is_retracted: _retracted, ...row }: LiteratureRow,
  found: Found,
): Reference {
  const lists = {
    authors: parseColumn<string[]>(row.authors),
    publication_types: parseColumn<string[]>(row.publication_types),
    mesh: parseColumn<string[]>(row.mesh),
    trial_ids: parseColumn<string[]>(row.trial_ids),
  };
  const design = designOfRecord({ source: row.source, ...lists, is_preprint: row.is_preprint === 1 });
  return { ...row, ...lists, ...shown(design), ...found, origin: 'local' };
}

/** A record that a service gave, as the API shows it. */
export function referenceOfRecord(record: LiteratureRecord): { reference: Reference; isRetracted: boolean } {
  const { revised_on: _, ...rest } = record;
  const design = designOfRecord(record);
  const year = record.published_on ? Number(record.published_on.slice(0, 4)) : null;
  return { reference: { ...rest, year, ...shown(design), matched: 'all', origin: 'online' }, isRetracted: design.isRetracted };
}

/** The design of a record. Our own summaries have no level: that belongs to the work that they cite. */
export function designOfRecord({
  source,
  publication_types,
  mesh,
  is_preprint,
}: Pick<LiteratureRecord, 'source' | 'publication_types' | 'mesh' | 'is_preprint'>): Design {
  const design = designOf({ publicationTypes: publication_types, mesh, isPreprint: is_preprint });
  if (source !== 'starter') return design;
  return { ...design, level: null, notes: ['summary', ...design.notes] };
}

function shown({ kind, level, isPreprint, notes }: Design): Pick<Reference, 'design' | 'level' | 'is_preprint' | 'is_guideline' | 'notes'> {
  return { design: kind, level, is_preprint: isPreprint, is_guideline: kind === 'guideline', notes };
}
