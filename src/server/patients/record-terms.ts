import type { RecordEntry } from '../../contract/patient-record.ts';
import { wordsOf } from '../studies/patient-terms.ts';

/** Stands before a code, so that codes and words do not meet. */
const CODE_MARK = '#';

/** What a condition is found by: its codes, and the words of its texts. Nothing else is looked for, nor what was refuted. */
export function termsOfEntry({ kind, status, codes, text }: Pick<RecordEntry, 'kind' | 'status' | 'codes' | 'text'>): string[] {
  if (kind !== 'condition' || status === 'refuted') return [];
  const words = [text, ...codes.map(({ display = '' }) => display)].flatMap(wordsOf);
  return [...new Set([...codes.map(({ code }) => codeTerm(code)), ...words])];
}

export function codeTerm(code: string): string {
  return `${CODE_MARK}${code.toLowerCase()}`;
}
