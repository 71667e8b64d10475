import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { elementAt, elementsOf, textOf, type XmlElement } from './read-xml.ts';
import { keyOf, type LiteratureEntry, plainDoi } from './record.ts';

/** The element of a search answer as XML (`responseWrapper`), of which each is one publication. */
export const EUROPE_PMC_ELEMENTS: ReadonlySet<string> = new Set(['result']);

const Text = Type.Optional(Type.String());
const Names = Type.Optional(Type.Array(Type.String()));
/** What is read of a result of the REST service, `resultType=core` (or `lite`, which has less). Others of its fields are left alone. */
const Result = Type.Object({
  id: Text,
  source: Text,
  pmid: Text,
  pmcid: Text,
  doi: Text,
  title: Text,
  authorString: Text,
  authorList: Type.Optional(Type.Object({ author: Type.Optional(Type.Array(Type.Object({ fullName: Text, collectiveName: Text }))) })),
  journalTitle: Text,
  journalInfo: Type.Optional(Type.Object({ journal: Type.Optional(Type.Object({ title: Text, isoabbreviation: Text })) })),
  pubYear: Text,
  firstPublicationDate: Text,
  dateOfRevision: Text,
  abstractText: Text,
  pubType: Text,
  pubTypeList: Type.Optional(Type.Object({ pubType: Names })),
  meshHeadingList: Type.Optional(Type.Object({ meshHeading: Type.Optional(Type.Array(Type.Object({ descriptorName: Text }))) })),
});
type Result = Type.Static<typeof Result>;

/** One result of a search, as JSON gives it. */
export function readEuropePmc(value: unknown): LiteratureEntry {
  if (!Value.Check(Result, value)) return { skipped: 'not in the shape of a Europe PMC result' };
  const title = plainText(value.title ?? '').replace(/\.$/, '');
  const ids = { pmid: /^\d{1,9}$/.test(value.pmid ?? '') ? (value.pmid ?? null) : null, doi: plainDoi(value.doi ?? '') };
  const key = keyOf(ids, value.source && value.id ? `europe-pmc:${value.source}/${value.id}` : undefined);
  if (key === undefined || title === '') return { skipped: 'without an id or a title' };
  const types = value.pubTypeList?.pubType ?? (value.pubType ? value.pubType.split(/;\s*/) : []);
  return {
    record: {
      ...ids,
      key,
      source: 'europe-pmc',
      title,
      abstract: plainText(value.abstractText ?? ''),
      authors: authorsOf(value),
      journal: journalOf(value),
      published_on: dateOf(value.firstPublicationDate) ?? (/^\d{4}$/.test(value.pubYear ?? '') ? (value.pubYear ?? null) : null),
      revised_on: dateOf(value.dateOfRevision),
      pmcid: value.pmcid ?? null,
      url: value.source && value.id ? `https://europepmc.org/article/${value.source}/${value.id}` : null,
      publication_types: types.map(typeName),
      mesh: (value.meshHeadingList?.meshHeading ?? []).flatMap(({ descriptorName }) => (descriptorName ? [descriptorName] : [])),
      trial_ids: [],
      first_page: null,
      last_page: null,
      // Their source of preprints.
      is_preprint: value.source === 'PPR' || types.some((type) => type.toLowerCase() === 'preprint'),
    },
  };
}

/** One result of a search, as XML gives it: the same fields. */
export function readEuropePmcXml(element: XmlElement): LiteratureEntry {
  const field = (name: string): Record<string, string> => {
    const text = textOf(elementAt(element, name));
    return text === '' ? {} : { [name]: text };
  };
  const plain = ['id', 'source', 'pmid', 'pmcid', 'doi', 'title', 'authorString', 'journalTitle', 'pubYear', 'firstPublicationDate'];
  const journal = elementAt(element, 'journalInfo', 'journal');
  const types = elementsOf(elementAt(element, 'pubTypeList'), 'pubType').map(textOf);
  const headings = elementsOf(elementAt(element, 'meshHeadingList'), 'meshHeading');
  return readEuropePmc({
    ...Object.assign({}, ...[...plain, 'dateOfRevision', 'abstractText', 'pubType'].map(field)),
    ...(journal ? { journalInfo: { journal: { title: textOf(elementAt(journal, 'title')) } } } : {}),
    ...(types.length > 0 ? { pubTypeList: { pubType: types } } : {}),
    meshHeadingList: { meshHeading: headings.map((heading) => ({ descriptorName: textOf(elementAt(heading, 'descriptorName')) })) },
  });
}

function journalOf({ journalInfo, journalTitle }: Result): string | null {
  const name = journalInfo?.journal?.isoabbreviation ?? journalInfo?.journal?.title ?? journalTitle;
  return name ? plainText(name) : null;
}

function authorsOf({ authorList, authorString }: Result): string[] {
  const listed = (authorList?.author ?? []).flatMap(({ fullName, collectiveName }) => fullName ?? collectiveName ?? []);
  if (listed.length > 0) return listed;
  return (authorString ?? '')
    .replace(/\.$/, '')
    .split(/,\s*/)
    .filter((name) => name !== '');
}

/** Titles and abstracts come with tags of HTML in them. */
function plainText(text: string): string {
  return text
    .replaceAll(/<\/?[a-z][^<>]{0,200}>/gi, ' ')
    .replaceAll('\u0000', ' ')
    .replaceAll(/&lt;/g, '<')
    .replaceAll(/&gt;/g, '>')
    .replaceAll(/&amp;/g, '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function dateOf(text: string | undefined): string | null {
  const [, date] = /^(\d{4}-\d{2}-\d{2})/.exec(text ?? '') ?? [];
  return date ?? null;
}

/** `research-article` and `Research Article` are one. */
function typeName(type: string): string {
  const words = type.replaceAll('-', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
