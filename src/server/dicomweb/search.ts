import type { DicomJson } from '../../dicom/dicom-json.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { matchesAttribute } from './match-attribute.ts';
import type { Search } from './parse-search.ts';
import { instanceAnswer, needsJson, seriesAnswer, studyAnswer } from './search-answer.ts';
import { type RowWindow, searchInstances, searchSeries, searchStudies } from './search-repository.ts';

/** Most objects whose stored JSON one search looks into. */
const MAX_SCANNED = 5_000;

export type SearchResult = { results: DicomJson[]; warnings: string[] };

/**
 * Answers a search with one statement. Equal searches give equal pages: the order of results is total.
 *
 * @param base of the DICOMweb service, `https://host/dicom-web`
 * @throws {AppError} `too-large` if attributes without a column are asked of too many objects
 */
export async function runSearch(db: Db, search: Search, base: string): Promise<SearchResult> {
  const { limit, offset, jsonFilters } = search;
  const byJson = jsonFilters.length > 0;
  const withJson = needsJson(search);
  // One more than asked for tells whether there are more.
  const window = byJson ? { limit: MAX_SCANNED + 1, offset: 0, withJson } : { limit: limit + 1, offset, withJson };
  const found = await answersOf(db, search, { window, base });
  if (byJson && found.length > MAX_SCANNED) throw new AppError('too-large', `Such a search looks into at most ${MAX_SCANNED} objects`);
  const matching = byJson ? found.filter(({ dicomJson }) => fitsJson(dicomJson, search)).slice(offset) : found;
  const results = matching.slice(0, limit).map(({ answer }) => answer());
  const more = matching.length > limit ? ['There are additional results that can be requested'] : [];
  return { results, warnings: [...search.warnings, ...more] };
}

type Found = { dicomJson: string | null; answer: () => DicomJson };

async function answersOf(db: Db, search: Search, { window, base }: { window: RowWindow; base: string }): Promise<Found[]> {
  switch (search.level) {
    case 'study': {
      const rows = await searchStudies(db, search, window);
      return rows.map((row) => ({ dicomJson: row.dicom_json, answer: () => studyAnswer(row, search, base) }));
    }
    case 'series': {
      const rows = await searchSeries(db, search, window);
      return rows.map((row) => ({ dicomJson: row.dicom_json, answer: () => seriesAnswer(row, search, base) }));
    }
    case 'instance': {
      const rows = await searchInstances(db, search, window);
      return rows.map((row) => ({ dicomJson: row.dicom_json, answer: () => instanceAnswer(row, search, base) }));
    }
  }
}

function fitsJson(dicomJson: string | null, { jsonFilters }: Search): boolean {
  const json = dicomJson === null ? {} : parseColumn<DicomJson>(dicomJson);
  return jsonFilters.every(({ tag, condition }) => matchesAttribute(json[tag], condition));
}
