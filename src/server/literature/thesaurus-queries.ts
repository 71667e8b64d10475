import type { SystemDb } from '../platform/ports.ts';

/** Terms that are looked up in one statement. */
const CHUNK = 1_000;

type Row = { term: string; synonym: string; is_preferred: number };

/** For each of the terms that the thesaurus has, what else the same thing is called: its preferred name first, then the shorter ones. */
export async function findSynonyms(db: SystemDb, terms: readonly string[]): Promise<Map<string, string[]>> {
  const rows: Row[] = [];
  for (let from = 0; from < terms.length; from += CHUNK) rows.push(...(await lookUp(db, terms.slice(from, from + CHUNK))));
  rows.sort((a, b) => b.is_preferred - a.is_preferred || a.synonym.length - b.synonym.length || (a.synonym < b.synonym ? -1 : 1));
  const synonyms = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const { term, synonym } of rows) {
    const list = synonyms.get(term) ?? [];
    synonyms.set(term, list);
    const name = `${term}\n${singular(synonym)}`;
    if (singular(synonym) === singular(term) || seen.has(name)) continue;
    seen.add(name);
    list.push(synonym);
  }
  return synonyms;
}

async function lookUp(db: SystemDb, terms: readonly string[]): Promise<Row[]> {
  return db
    .selectFrom('mesh_term as said')
    .innerJoin('mesh_term as other', 'other.descriptor', 'said.descriptor')
    .select(['said.term as term', 'other.term as synonym', 'other.is_preferred as is_preferred'])
    .where('said.term', 'in', terms)
    .execute();
}

/** The index finds the plural with the singular, so one of them is enough. */
function singular(text: string): string {
  return text.replaceAll(/s\b/g, '');
}
