import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { foldText } from '../../clinical/literature/fold-text.ts';
import { AppError } from '../platform/errors.ts';
import { elementAt, elementsOf, readXmlElements, textOf } from './read-xml.ts';

/** One name of a thing, folded, and what the thesaurus calls the thing. */
export type MeshTerm = { term: string; descriptor: string; is_preferred: number };

/** Other names of a thing: three headings (`Lung, Pulmonary, Cancer of`) are turned around by catalogs, and nobody writes so. */
const INVERTED = /,\s/;

/** The terms of the descriptor file of the National Library of Medicine (`descYYYY.xml`), a batch for each descriptor. */
export async function* readMeshXml(text: AsyncIterable<string>): AsyncGenerator<MeshTerm[]> {
  for await (const record of readXmlElements(text, new Set(['DescriptorRecord']))) {
    const descriptor = textOf(elementAt(record, 'DescriptorName', 'String'));
    const concepts = elementsOf(elementAt(record, 'ConceptList'), 'Concept');
    // Narrower and broader concepts are filed under the descriptor as well; only the preferred one is the same thing.
    const same = concepts.filter(({ attributes }) => attributes['PreferredConceptYN'] === 'Y');
    const terms = (same.length > 0 ? same : concepts).flatMap((concept) => elementsOf(elementAt(concept, 'TermList'), 'Term'));
    yield termsOf(descriptor, [descriptor, ...terms.map((term) => textOf(elementAt(term, 'String')))]);
  }
}

/** The terms of a table with the columns `term` and `descriptor`, separated by commas, semicolons or tabs. @throws {AppError} `invalid-request` */
export async function* readMeshCsv(text: AsyncIterable<string>): AsyncGenerator<MeshTerm[]> {
  const rows = Readable.from(text).pipe(
    parse({ columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()), delimiter: [',', ';', '\t'], bom: true }),
  );
  try {
    for await (const row of rows as AsyncIterable<Record<string, string>>) {
      const { term = '', descriptor = '' } = row;
      if (term !== '' && descriptor !== '') yield termsOf(descriptor, [descriptor, term]);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid-request', 'The table of terms cannot be read: it needs the columns term and descriptor', { cause: error });
  }
}

function termsOf(descriptor: string, names: readonly string[]): MeshTerm[] {
  const preferred = foldText(descriptor);
  const terms = new Map<string, MeshTerm>();
  for (const name of names) {
    const term = foldText(name);
    if (term === '' || (INVERTED.test(name) && term !== preferred)) continue;
    terms.set(term, { term, descriptor, is_preferred: term === preferred ? 1 : 0 });
  }
  return [...terms.values()];
}
