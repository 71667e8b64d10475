import type { OnlineSource } from '../../contract/literature.ts';
import type { LiteratureRecord } from './record.ts';

export type OnlineAnswer = { records: LiteratureRecord[]; hit_count: number; asked_at: string };

/** A service of publications on the internet, as the site has configured it. */
export type LiteratureClient = {
  source: Extract<OnlineSource['source'], 'pubmed' | 'europe-pmc'>;
  /**
   * Asks for what speaks of all concepts, each by one of its names; the best first. Answers of the last day are given again.
   *
   * @throws {AppError} `unavailable` if it does not answer, or not in the form that it documents; `address-refused` if it may not be reached
   */
  search(groups: readonly (readonly string[])[], limit: number): Promise<OnlineAnswer>;
};

/** The words as they are sent, for whoever wants to know. */
export function queryTextOf(groups: readonly (readonly string[])[]): string {
  return groups.map((names) => (names.length > 1 ? `(${names.map(quoted).join(' OR ')})` : quoted(names[0] ?? ''))).join(' AND ');
}

function quoted(name: string): string {
  return name.includes(' ') ? `"${name}"` : name;
}
