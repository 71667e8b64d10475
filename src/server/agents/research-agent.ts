import type { ResearchReport } from '../../contract/agents.ts';
import type { Reference } from '../../contract/literature.ts';
import { listFindings } from '../findings/queries.ts';
import { researchFor } from '../literature/research.ts';
import type { SearchDeps } from '../literature/search-literature.ts';
import { listRecordEntries } from '../patients/record-queries.ts';
import type { Db } from '../platform/ports.ts';
import type { Agent } from './agent.ts';

export type ResearchDeps = Omit<SearchDeps, 'clients'> & { db: Db; literatureClients: SearchDeps['clients'] };

/** Literature that bears on the findings, the record and the symptoms. Without anything to ask, it says so: no hits would read as no evidence. */
export function researchAgent({ literatureClients: clients, ...deps }: ResearchDeps): Agent<'research'> {
  return async ({ patient_key: patientKey, studies, symptoms }, { signal }) => {
    const record = await listRecordEntries(deps.db, patientKey);
    const findings = (await Promise.all(studies.map(({ study_instance_uid }) => listFindings(deps.db, study_instance_uid)))).flat();
    signal.throwIfAborted();
    const question = symptoms.length > 0 ? symptoms.join(' ') : null;
    const result = await researchFor({ ...deps, clients }, { findings, record, question });
    const report: ResearchReport = {
      papers_found: result.papers_found,
      evidence_level: result.evidence_level === null ? null : String(result.evidence_level),
      references: result.references.map(referenceOf),
      corpus_date: result.corpus_date,
      banner: result.banner,
    };
    return { outcome: result.not_evaluable === null ? 'evaluated' : 'not_evaluable', reason: result.not_evaluable, report };
  };
}

function referenceOf(reference: Reference): ResearchReport['references'][number] {
  const { key, title, authors, journal, year, doi, first_page: from, last_page: to } = reference;
  const pages = from !== null && (from === to || to === null ? `p. ${from}` : `pp. ${from}-${to}`);
  const citation = [authors[0], journal, year, pages || null, doi && `doi:${doi}`]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(', ');
  return { id: key, title, citation };
}
