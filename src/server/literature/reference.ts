import { designOf } from '../../clinical/literature/design-level.ts';
import type { Reference } from '../../contract/literature.ts';
import { parseColumn } from '../platform/json.ts';
import type { LiteratureRecord } from './record.ts';
import type { LiteratureRow } from './repository.ts';

/** A record of the corpus as the API shows it. */
export function referenceOfRow({ id: _, imported_at: _at, is_retracted: _retracted, is_preprint, ...row }: LiteratureRow): Reference {
  const lists = {
    authors: parseColumn<string[]>(row.authors),
    publication_types: parseColumn<string[]>(row.publication_types),
    mesh: parseColumn<string[]>(row.mesh),
    trial_ids: parseColumn<string[]>(row.trial_ids),
  };
  const design = designOf({ publicationTypes: lists.publication_types, mesh: lists.mesh, isPreprint: is_preprint === 1 });
  return { ...row, ...lists, ...shown(design), origin: 'local' };
}

/** A record that a service gave, as the API shows it. */
export function referenceOfRecord(record: LiteratureRecord): { reference: Reference; isRetracted: boolean } {
  const { revised_on: _, ...rest } = record;
  const design = designOf({ publicationTypes: record.publication_types, mesh: record.mesh, isPreprint: record.is_preprint });
  const year = record.published_on ? Number(record.published_on.slice(0, 4)) : null;
  return { reference: { ...rest, year, ...shown(design), origin: 'online' }, isRetracted: design.isRetracted };
}

function shown({
  kind,
  level,
  isPreprint,
  notes,
}: ReturnType<typeof designOf>): Pick<Reference, 'design' | 'level' | 'is_preprint' | 'is_guideline' | 'notes'> {
  return { design: kind, level, is_preprint: isPreprint, is_guideline: kind === 'guideline', notes };
}
