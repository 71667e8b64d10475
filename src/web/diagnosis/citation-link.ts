const DOI = /\b10\.\d{4,9}\/[^\s;,]+[^\s;,.)]/;
const PMC = /\bPMC\d{4,9}\b/;
const PMID = /\bPMID:?\s*(\d{4,9})\b/i;

/** Where a citation can be read: by its DOI, its number in PubMed Central, or that in PubMed; undefined for one without any of them. */
export function citationLink(citation: string): string | undefined {
  const [doi] = DOI.exec(citation) ?? [];
  if (doi) return `https://doi.org/${encodeURI(doi)}`;
  const [pmc] = PMC.exec(citation) ?? [];
  if (pmc) return `https://pmc.ncbi.nlm.nih.gov/articles/${pmc}/`;
  const [, pmid] = PMID.exec(citation) ?? [];
  return pmid && `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`;
}
