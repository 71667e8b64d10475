import { elementAt, elementsOf, textOf, type XmlElement } from './read-xml.ts';
import { keyOf, type LiteratureEntry, type LiteratureRecord, partialDate, plainDoi } from './record.ts';

/** The elements of a PubmedArticleSet that tell of publications (NLM, PubMed DTD; files of the baseline and its updates, and efetch). */
export const PUBMED_ELEMENTS: ReadonlySet<string> = new Set(['PubmedArticle', 'PubmedBookArticle', 'DeleteCitation']);

/** What one of these elements says. */
export function readPubmed(element: XmlElement): LiteratureEntry[] {
  if (element.name === 'DeleteCitation') return elementsOf(element, 'PMID').map((pmid) => ({ deleted: `pmid:${textOf(pmid)}` }));
  const record = element.name === 'PubmedBookArticle' ? bookOf(element) : articleOf(element);
  return record ? [{ record }] : [{ skipped: 'without a PMID or a title' }];
}

function articleOf(element: XmlElement): LiteratureRecord | undefined {
  const citation = elementAt(element, 'MedlineCitation');
  const article = elementAt(citation, 'Article');
  const pmid = textOf(elementAt(citation, 'PMID'));
  const title = titleOf(article);
  if (!/^\d{1,9}$/.test(pmid) || title === '') return undefined;
  const ids = elementsOf(elementAt(element, 'PubmedData', 'ArticleIdList'), 'ArticleId');
  const idOf = (type: string): string => textOf(ids.find(({ attributes }) => attributes['IdType'] === type));
  const location = elementsOf(article, 'ELocationID').find(({ attributes }) => attributes['EIdType'] === 'doi');
  const doi = plainDoi(idOf('doi')) ?? plainDoi(textOf(location));
  const types = elementsOf(elementAt(article, 'PublicationTypeList'), 'PublicationType').map(textOf);
  // The type comes later than the link to the notice, sometimes by months.
  const corrections = elementsOf(elementAt(citation, 'CommentsCorrectionsList'), 'CommentsCorrections');
  const retracted = corrections.some(({ attributes }) => attributes['RefType'] === 'RetractionIn') ? ['Retracted Publication'] : [];
  const headings = elementsOf(elementAt(citation, 'MeshHeadingList'), 'MeshHeading');
  return {
    key: keyOf({ pmid, doi }) ?? '',
    source: 'pubmed',
    title,
    abstract: abstractOf(elementAt(article, 'Abstract')),
    authors: authorsOf(elementAt(article, 'AuthorList')),
    journal: textOf(elementAt(article, 'Journal', 'ISOAbbreviation')) || textOf(elementAt(article, 'Journal', 'Title')) || null,
    published_on: publishedOn(article),
    revised_on: dateOf(elementAt(citation, 'DateRevised')),
    pmid,
    pmcid: idOf('pmc') || null,
    doi,
    url: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    publication_types: [...new Set([...types, ...retracted])],
    mesh: headings.map((heading) => textOf(elementAt(heading, 'DescriptorName'))).filter((name) => name !== ''),
    trial_ids: trialIdsOf(elementAt(article, 'DataBankList')),
    first_page: null,
    last_page: null,
    is_preprint: types.includes('Preprint'),
  };
}

/** A chapter or book of NCBI Bookshelf. */
function bookOf(element: XmlElement): LiteratureRecord | undefined {
  const document = elementAt(element, 'BookDocument');
  const book = elementAt(document, 'Book');
  const pmid = textOf(elementAt(document, 'PMID'));
  const title = titleOf(document) || textOf(elementAt(book, 'BookTitle'));
  if (!/^\d{1,9}$/.test(pmid) || title === '') return undefined;
  return {
    key: `pmid:${pmid}`,
    source: 'pubmed',
    title,
    abstract: abstractOf(elementAt(document, 'Abstract')),
    authors: authorsOf(elementAt(document, 'AuthorList')),
    journal: textOf(elementAt(book, 'BookTitle')) || null,
    published_on: dateOf(elementAt(book, 'PubDate')),
    revised_on: dateOf(elementAt(document, 'DateRevised')),
    pmid,
    pmcid: null,
    doi: null,
    url: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    publication_types: elementsOf(document, 'PublicationType').map(textOf),
    mesh: [],
    trial_ids: [],
    first_page: null,
    last_page: null,
    is_preprint: false,
  };
}

/** Some titles are in the language of the article alone. */
function titleOf(article: XmlElement | undefined): string {
  return textOf(elementAt(article, 'ArticleTitle')) || textOf(elementAt(article, 'VernacularTitle'));
}

/** Parts of a structured abstract keep their headings. */
function abstractOf(abstract: XmlElement | undefined): string {
  const parts = elementsOf(abstract, 'AbstractText').map((part) => {
    const label = part.attributes['Label'];
    return label ? `${label}: ${textOf(part)}` : textOf(part);
  });
  return parts.filter((part) => part !== '').join('\n');
}

function authorsOf(list: XmlElement | undefined): string[] {
  return elementsOf(list, 'Author')
    .map(
      (author) =>
        textOf(elementAt(author, 'CollectiveName')) ||
        [textOf(elementAt(author, 'LastName')), textOf(elementAt(author, 'Initials'))].filter((part) => part !== '').join(' '),
    )
    .filter((name) => name !== '');
}

function publishedOn(article: XmlElement | undefined): string | null {
  const date = elementAt(article, 'Journal', 'JournalIssue', 'PubDate');
  // A date as its journal prints it: `1998 Dec-1999 Jan`, `2000 Spring`.
  const [year = '', month = ''] = textOf(elementAt(date, 'MedlineDate')).split(/[\s-]+/);
  return dateOf(date) ?? partialDate(year, month, '') ?? dateOf(elementAt(article, 'ArticleDate'));
}

function dateOf(date: XmlElement | undefined): string | null {
  return partialDate(textOf(elementAt(date, 'Year')), textOf(elementAt(date, 'Month')), textOf(elementAt(date, 'Day')));
}

function trialIdsOf(banks: XmlElement | undefined): string[] {
  const numbers = elementsOf(banks, 'DataBank').flatMap((bank) => elementsOf(elementAt(bank, 'AccessionNumberList'), 'AccessionNumber'));
  return numbers.map(textOf).filter((number) => /^NCT\d{8}$/.test(number));
}
