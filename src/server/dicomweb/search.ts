import type { DicomJson } from '../../dicom/dicom-json.ts';
import type { Db } from '../platform/ports.ts';
import { readingFor, storedAttributes } from '../studies/found-attributes.ts';
import { type FoundRow, readFound } from '../studies/found-queries.ts';
import { search } from '../studies/search.ts';
import type { Query } from './parse-search.ts';
import { answerOf, wantedOf } from './search-answer.ts';

export type SearchResult = { results: DicomJson[]; warnings: string[] };

/**
 * Answers a QIDO-RS query.
 *
 * @param base of the DICOMweb service, `https://host/dicom-web`
 * @throws {AppError} `too-large` if keys that no index serves are looked for in too many objects
 */
export async function runSearch(db: Db, query: Query, base: string): Promise<SearchResult> {
  const { level, limit, offset, includes } = query;
  const wanted = wantedOf(query);
  const reading = readingFor(wanted.keys(), query);
  const everything = { study: true, series: level !== 'study', instance: level === 'instance', sopClasses: reading.sopClasses };
  const read = readFound(db, query, includes === 'all' ? everything : reading);
  const rows: FoundRow[] = [];
  // One more than asked for tells whether there are more.
  for await (const batch of search(db, query, { read, attributes: storedAttributes }, { offset, limit: limit + 1 })) rows.push(...batch);
  const more = rows.length > limit ? ['There are additional results that can be requested'] : [];
  const results = rows.slice(0, limit).map((row) => answerOf(row, { query, wanted, base }));
  return { results, warnings: [...query.warnings, ...more] };
}
