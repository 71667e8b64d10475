import { gzipSync } from 'node:zlib';

export type PubmedArticle = {
  pmid: string;
  title: string;
  abstract?: string;
  year?: number;
  types?: string[];
  mesh?: string[];
  revised?: string;
  doi?: string;
  retracted?: boolean;
  nct?: string;
};

/** A PubmedArticleSet in the shape of the files of the PubMed baseline. */
export function pubmedXml(articles: readonly PubmedArticle[], deleted: readonly string[] = []): string {
  const gone =
    deleted.length > 0 ? `<DeleteCitation>${deleted.map((pmid) => `<PMID Version="1">${pmid}</PMID>`).join('')}</DeleteCitation>` : '';
  return `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>${articles.map(articleXml).join('\n')}${gone}</PubmedArticleSet>`;
}

export function gzipped(text: string): Uint8Array {
  return gzipSync(text);
}

function articleXml({
  pmid,
  title,
  abstract,
  year = 2020,
  types = ['Journal Article'],
  mesh = [],
  revised,
  doi,
  retracted,
  nct,
}: PubmedArticle) {
  const [revisedYear, month, day] = (revised ?? '').split('-');
  return `<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">${pmid}</PMID>
${revised ? `<DateRevised><Year>${revisedYear}</Year><Month>${month}</Month><Day>${day}</Day></DateRevised>` : ''}
<Article PubModel="Print"><Journal><JournalIssue><PubDate><Year>${year}</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Journal of Examples</Title><ISOAbbreviation>J Ex</ISOAbbreviation></Journal>
<ArticleTitle>${title}</ArticleTitle>
${abstract ? `<Abstract><AbstractText Label="RESULTS">${abstract}</AbstractText></Abstract>` : ''}
<AuthorList><Author><LastName>Fleming</LastName><Initials>A</Initials></Author><Author><CollectiveName>The Example Group</CollectiveName></Author></AuthorList>
${nct ? `<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList><AccessionNumber>${nct}</AccessionNumber></AccessionNumberList></DataBank></DataBankList>` : ''}
<PublicationTypeList>${types.map((type) => `<PublicationType UI="D0">${type}</PublicationType>`).join('')}</PublicationTypeList></Article>
${retracted ? '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J Ex. 2021</RefSource></CommentsCorrections></CommentsCorrectionsList>' : ''}
<MeshHeadingList>${mesh.map((name) => `<MeshHeading><DescriptorName UI="D0" MajorTopicYN="N">${name}</DescriptorName></MeshHeading>`).join('')}</MeshHeadingList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">${pmid}</ArticleId>${doi ? `<ArticleId IdType="doi">${doi}</ArticleId>` : ''}</ArticleIdList></PubmedData></PubmedArticle>`;
}

/** One descriptor of the thesaurus, in the shape of the descriptor file. */
export function meshXml(descriptors: Record<string, readonly string[]>): string {
  const records = Object.entries(descriptors).map(
    ([
      name,
      terms,
    ]) => `<DescriptorRecord DescriptorClass="1"><DescriptorUI>D0</DescriptorUI><DescriptorName><String>${name}</String></DescriptorName>
<ConceptList><Concept PreferredConceptYN="Y"><TermList>${terms.map((term) => `<Term><String>${term}</String></Term>`).join('')}</TermList></Concept>
<Concept PreferredConceptYN="N"><TermList><Term><String>Something Narrower</String></Term></TermList></Concept></ConceptList></DescriptorRecord>`,
  );
  return `<?xml version="1.0"?>\n<DescriptorRecordSet LanguageCode="eng">${records.join('\n')}</DescriptorRecordSet>`;
}
