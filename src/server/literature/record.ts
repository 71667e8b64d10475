import type { LiteratureSource } from '../../contract/literature.ts';

/** A publication as its source describes it. Text is plain, with single spaces; what is not told is null or empty. */
export type LiteratureRecord = {
  /** By which it is found again: see `keyOf`. */
  key: string;
  source: LiteratureSource;
  title: string;
  abstract: string;
  /** In the order of the publication, `Fleming A`. */
  authors: string[];
  journal: string | null;
  /** As exact as the source: `2019`, `2019-05`, `2019-05-04`. */
  published_on: string | null;
  /** When the source last changed the record, `2019-05-04`. */
  revised_on: string | null;
  pmid: string | null;
  pmcid: string | null;
  doi: string | null;
  url: string | null;
  publication_types: string[];
  mesh: string[];
  trial_ids: string[];
  /** Of a document with pages: where this passage stands, counted from 1. */
  first_page: number | null;
  last_page: number | null;
  is_preprint: boolean;
};

/** A record, or the word of the source that it has taken one back. */
export type LiteratureEntry = { record: LiteratureRecord } | { deleted: string } | { skipped: string };

/**
 * The name of a publication across sources: its PubMed id, else its DOI, else what the source calls it. Undefined if it has none.
 *
 * @param own the source with its own id, `europe-pmc:AGR/123`
 */
export function keyOf({ pmid, doi }: Pick<LiteratureRecord, 'pmid' | 'doi'>, own?: string): string | undefined {
  if (pmid) return `pmid:${pmid}`;
  if (doi) return `doi:${doi.toLowerCase()}`;
  return own;
}

/** A date of which only a part may be known, as `2019`, `2019-05` or `2019-05-04`; null without a year. */
export function partialDate(year: string, month: string, day: string): string | null {
  if (!/^\d{4}$/.test(year)) return null;
  const number = monthNumber(month);
  if (number === undefined) return year;
  const date = `${year}-${String(number).padStart(2, '0')}`;
  return /^(0?[1-9]|[12]\d|3[01])$/.test(day) ? `${date}-${day.padStart(2, '0')}` : date;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function monthNumber(text: string): number | undefined {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1;
  return number >= 1 && number <= 12 ? number : undefined;
}

/** Without what a DOI is often written with before it; null for what is none. */
export function plainDoi(text: string): string | null {
  const doi = text.trim().replace(/^(https?:\/\/(dx\.)?doi\.org\/|doi:\s*)/i, '');
  return /^10\.\d{4,9}\/\S+$/.test(doi) ? doi : null;
}
