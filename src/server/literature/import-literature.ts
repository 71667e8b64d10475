import type { ImportedFile, LiteratureSource } from '../../contract/literature.ts';
import { AppError } from '../platform/errors.ts';
import type { SystemDb } from '../platform/ports.ts';
import type { IndexedText, TextIndex } from '../platform/text-index.ts';
import { openBatchWriter } from './batch-writer.ts';
import { openFile } from './open-text.ts';
import { MAX_PDF_BYTES, readPdfText } from './pdf-text.ts';
import { EUROPE_PMC_ELEMENTS, readEuropePmc, readEuropePmcXml } from './read-europe-pmc.ts';
import { MAX_GUIDELINE_CHARACTERS, readGuideline } from './read-guideline.ts';
import { readJsonObjects } from './read-json.ts';
import { type MeshTerm, readMeshCsv, readMeshXml } from './read-mesh.ts';
import { readPdfGuideline } from './read-pdf-guideline.ts';
import { PUBMED_ELEMENTS, readPubmed } from './read-pubmed.ts';
import { readXmlElements } from './read-xml.ts';
import type { LiteratureEntry, LiteratureRecord } from './record.ts';
import { designOfRecord } from './reference.ts';
import { addMeshTerms, deleteLiterature, findKeys, listKeysOf, type NewLiterature, noteSource, putLiterature } from './repository.ts';
import { deleteVectors } from './vector-repository.ts';

export type LiteratureDeps = { systemDb: SystemDb; textIndex: TextIndex; now: () => Date };
export type LiteratureFile = { name: string; content: AsyncIterable<Uint8Array> };

/** Records of one transaction: enough to share its cost, and few enough that others wait for some milliseconds only. */
const BATCH = 250;
const TERM_BATCH = 5_000;

type Format = NonNullable<ImportedFile['format']>;
type Counts = Pick<ImportedFile, 'added' | 'updated' | 'deleted' | 'skipped'>;

/**
 * Takes in one file of publications, guidelines or the thesaurus, whatever its format. What was taken in before a problem stays; doing it
 * again changes nothing. Memory does not grow with the file.
 */
export async function importFile(deps: LiteratureDeps, { name, content }: LiteratureFile): Promise<ImportedFile> {
  const counts: Counts = { added: 0, updated: 0, deleted: 0, skipped: 0 };
  let format: Format | null = null;
  try {
    const opened = await openFile(content);
    const plainName = name.replace(/\.gz$/i, '');
    if ('pdf' in opened) {
      format = 'guideline-pdf';
      await takeText(deps, readPdfGuideline(plainName, await readPdfText(await wholeBytes(opened.pdf))), counts);
      return { file: name, format, ...counts, problem: null };
    }
    const { head, text } = opened;
    format = formatOf(name, head);
    if (format === 'mesh-xml') await takeTerms(deps, readMeshXml(text), counts);
    else if (format === 'mesh-csv') await takeTerms(deps, readMeshCsv(text), counts);
    else if (format === 'guideline') await takeText(deps, readGuideline(plainName, await wholeText(text)), counts);
    else await takeEntries(deps, entriesOf(format, text), counts);
    return { file: name, format, ...counts, problem: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid-request') throw error;
    return { file: name, format, ...counts, problem: error.message };
  }
}

/** @throws {AppError} `invalid-request` for what is none of the formats */
function formatOf(name: string, head: string): Format {
  const start = head.trimStart();
  if (start.startsWith('<')) {
    if (/<(PubmedArticleSet|PubmedBookArticleSet|PubmedArticle)[\s>]/.test(head)) return 'pubmed-xml';
    if (/<DescriptorRecordSet[\s>]/.test(head)) return 'mesh-xml';
    if (/<(responseWrapper|resultList)[\s>]/.test(head)) return 'europe-pmc-xml';
    throw new AppError('invalid-request', 'The XML is neither of PubMed, nor of Europe PMC, nor the descriptors of MeSH');
  }
  if (start.startsWith('{') || start.startsWith('[')) return 'europe-pmc-json';
  const [firstLine = ''] = start.split(/\r?\n/);
  const columns = firstLine
    .toLowerCase()
    .split(/[,;\t]/)
    .map((column) => column.trim());
  if (columns.includes('term') && columns.includes('descriptor')) return 'mesh-csv';
  if (start === '' || start.includes('\ufffd')) throw new AppError('invalid-request', 'The file is empty or no text');
  if (!/\.(md|markdown|txt|text)(\.gz)?$/i.test(name))
    throw new AppError('invalid-request', 'A guideline is a PDF, or has a name that ends in .md or .txt');
  return 'guideline';
}

async function* entriesOf(format: Format, text: AsyncIterable<string>): AsyncGenerator<LiteratureEntry> {
  if (format === 'pubmed-xml') for await (const element of readXmlElements(text, PUBMED_ELEMENTS)) yield* readPubmed(element);
  else if (format === 'europe-pmc-xml')
    for await (const element of readXmlElements(text, EUROPE_PMC_ELEMENTS)) yield readEuropePmcXml(element);
  else for await (const value of readJsonObjects(text, 'result')) yield readEuropePmc(value);
}

/** A text with all of its sections, in the place of those that an earlier version had. */
async function takeText(deps: LiteratureDeps, entries: readonly LiteratureEntry[], counts: Counts): Promise<void> {
  await takeEntries(deps, [...(await goneSections(deps.systemDb, entries)), ...entries], counts);
}

/** Sections that an earlier version of a text had and this one has not. */
async function goneSections(systemDb: SystemDb, entries: readonly LiteratureEntry[]): Promise<LiteratureEntry[]> {
  const keys = new Set(entries.flatMap((entry) => ('record' in entry ? [entry.record.key] : [])));
  const [first] = keys;
  if (first === undefined) return [];
  const held = await listKeysOf(systemDb, first.replace(/\/\d+$/, ''));
  return held.filter((key) => !keys.has(key)).map((deleted) => ({ deleted }));
}

async function wholeText(text: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const piece of text) {
    whole += piece;
    if (whole.length > MAX_GUIDELINE_CHARACTERS) throw new AppError('invalid-request', 'The text is longer than a guideline is');
  }
  return whole;
}

async function wholeBytes(content: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content) {
    length += piece.length;
    if (length > MAX_PDF_BYTES) throw new AppError('invalid-request', `A PDF may have ${MAX_PDF_BYTES / 1_048_576} MiB`);
    pieces.push(piece);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Takes in records, several in a transaction, and notes for each source up to when it is held. */
export async function takeEntries(
  deps: LiteratureDeps,
  entries: AsyncIterable<LiteratureEntry> | Iterable<LiteratureEntry>,
  counts: Counts,
  digest: string | null = null,
): Promise<void> {
  const revised = new Map<LiteratureSource, string>();
  let batch: LiteratureEntry[] = [];
  let written = 0;
  const writer = openBatchWriter<LiteratureEntry>(async (full) => {
    await writeBatch(deps, full, counts);
    written += full.length;
  });
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    if (full.length > 0) await writer.write(full, full.map(keyOfEntry));
  };
  try {
    for await (const entry of entries) {
      batch.push(entry);
      if ('record' in entry) revised.set(entry.record.source, later(revised.get(entry.record.source), entry.record.revised_on));
      if (batch.length >= BATCH) await flush();
    }
  } finally {
    await flush();
    await writer.settle();
    await noteSources(deps, revised, digest);
    await deps.textIndex.settle('literature', written);
  }
}

function keyOfEntry(entry: LiteratureEntry): string {
  if ('record' in entry) return entry.record.key;
  return 'deleted' in entry ? entry.deleted : '';
}

function later(a = '', b: string | null): string {
  return b !== null && b > a ? b : a;
}

async function noteSources(
  { systemDb, now }: LiteratureDeps,
  revised: Map<LiteratureSource, string>,
  digest: string | null,
): Promise<void> {
  const imported_at = now().toISOString();
  const today = imported_at.slice(0, 10);
  for (const [source, date] of revised) {
    // A date that is still to come tells nothing of when the file was made.
    const corpus_date = date === '' || date > today ? today : date;
    await systemDb.transaction().execute((tx) => noteSource(tx, { source, corpus_date, imported_at, digest }));
  }
}

async function writeBatch({ systemDb, textIndex, now }: LiteratureDeps, batch: readonly LiteratureEntry[], counts: Counts): Promise<void> {
  // Of what is there twice, the last one counts, as in the update files of PubMed.
  const records = new Map(batch.flatMap((entry) => ('record' in entry ? [[entry.record.key, entry.record] as const] : [])));
  const deleted = batch.flatMap((entry) => ('deleted' in entry ? [entry.deleted] : []));
  const imported_at = now().toISOString();
  const written = await systemDb.transaction().execute(async (tx) => {
    if (batch.length >= BATCH) await textIndex.hurry(tx);
    const known = await findKeys(tx, [...records.keys()]);
    const wanted = [...records.values()].filter((record) => takesPlace(record, known.get(record.key)));
    const ids = await putLiterature(
      tx,
      wanted.map((record) => rowOf(record, imported_at)),
    );
    await textIndex.put(
      tx,
      'literature',
      wanted.flatMap((record) => wordsOf(record, ids.get(record.key))),
    );
    const gone = deleted.length > 0 ? await deleteLiterature(tx, deleted) : [];
    await textIndex.remove(tx, 'literature', gone);
    await deleteVectors(tx, [...gone, ...wanted.flatMap(({ key }) => (known.has(key) ? (ids.get(key) ?? []) : []))]);
    const updated = wanted.filter(({ key }) => known.has(key)).length;
    return { added: wanted.length - updated, updated, deleted: gone.length, skipped: records.size - wanted.length };
  });
  counts.added += written.added;
  counts.updated += written.updated;
  counts.deleted += written.deleted;
  counts.skipped += written.skipped + batch.filter((entry) => 'skipped' in entry).length;
}

type Known = { source: LiteratureSource; revised_on: string | null };

/** PubMed has the headings and types that Europe PMC takes from it; and an older version, without a retraction, must not come back. */
function takesPlace({ source, revised_on }: LiteratureRecord, known: Known | undefined): boolean {
  if (!known) return true;
  if (known.source === 'pubmed' && source !== 'pubmed') return false;
  return known.source !== source || known.revised_on === null || revised_on === null || revised_on >= known.revised_on;
}

function rowOf(record: LiteratureRecord, imported_at: string): NewLiterature {
  const { authors, publication_types, mesh, trial_ids, is_preprint: _, ...row } = record;
  const design = designOfRecord(record);
  return {
    ...row,
    year: row.published_on ? Number(row.published_on.slice(0, 4)) : null,
    authors: JSON.stringify(authors),
    publication_types: JSON.stringify(publication_types),
    mesh: JSON.stringify(mesh),
    trial_ids: JSON.stringify(trial_ids),
    design: design.kind,
    level: design.level,
    is_retracted: design.isRetracted ? 1 : 0,
    is_preprint: design.isPreprint ? 1 : 0,
    imported_at,
  };
}

function wordsOf({ title, abstract, mesh }: LiteratureRecord, id: number | undefined): IndexedText[] {
  return id === undefined ? [] : [{ id, title, keywords: mesh.join(' '), body: abstract }];
}

async function takeTerms(deps: LiteratureDeps, batches: AsyncIterable<MeshTerm[]>, counts: Counts): Promise<void> {
  const { systemDb, now } = deps;
  let waiting: MeshTerm[] = [];
  const flush = async (): Promise<void> => {
    const terms = waiting;
    waiting = [];
    const added = await systemDb.transaction().execute((tx) => addMeshTerms(tx, unique(terms)));
    counts.added += added;
    counts.skipped += terms.length - added;
  };
  for await (const terms of batches) {
    waiting.push(...terms);
    if (waiting.length >= TERM_BATCH) await flush();
  }
  if (waiting.length > 0) await flush();
  const imported_at = now().toISOString();
  const noted = { source: 'mesh', corpus_date: imported_at.slice(0, 10), imported_at, digest: null } as const;
  await systemDb.transaction().execute((tx) => noteSource(tx, noted));
}

function unique(terms: readonly MeshTerm[]): MeshTerm[] {
  return [...new Map(terms.map((term) => [`${term.term}\n${term.descriptor}`, term])).values()];
}
