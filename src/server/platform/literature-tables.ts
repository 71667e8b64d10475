import type { Generated } from 'kysely';

/**
 * What is published, and what can be found in it. It belongs to the installation, not to a tenant: publications, thesaurus and trial
 * registrations are the same for everybody and hold no patient, and a copy for each tenant would cost gigabytes.
 */
export type LiteratureTables = {
  literature: {
    id: Generated<number>;
    /** By which a second import finds the record: `pmid:…`, `doi:…`, or the source with its own id. */
    key: string;
    source: LiteratureSourceName;
    title: string;
    abstract: string;
    /** JSON: names in the order of the publication. */
    authors: string;
    journal: string | null;
    /** As exact as the source: `2019`, `2019-05`, `2019-05-04`. */
    published_on: string | null;
    /** When the source last changed it: an older version never takes the place of a newer one. */
    revised_on: string | null;
    year: number | null;
    pmid: string | null;
    pmcid: string | null;
    doi: string | null;
    url: string | null;
    /** JSON, as the source calls them. */
    publication_types: string;
    /** JSON: names of the MeSH descriptors. */
    mesh: string;
    /** JSON: registrations of trials, `NCT…`. */
    trial_ids: string;
    /** Of a passage of a document with pages, counted from 1. */
    first_page: number | null;
    last_page: number | null;
    design: string;
    /** Automatic design level, 1 (best) to 5; null where nothing tells. */
    level: number | null;
    is_retracted: number;
    is_preprint: number;
    imported_at: string;
  };
  /** What records mean to the site's model for sentences, as numbers. */
  literature_vector: {
    id: Generated<number>;
    literature_id: number;
    /** SHA-256 of the model's files: vectors of another model cannot be compared. */
    model: string;
    /** Signed bytes, one for each dimension: `quantized`. */
    vector: Uint8Array;
  };
  /** What is held of each source. */
  literature_source: {
    source: LiteratureSourceName | 'trials' | 'mesh';
    record_count: number;
    /** Up to when the source itself had been revised, as far as its records tell; else the day of the import. */
    corpus_date: string;
    imported_at: string;
    /** What the import was made from, to tell whether it is the same; null where that does not matter. */
    digest: string | null;
  };
  /** Terms of the thesaurus, folded as `foldText` does; one that several descriptors share has several rows. */
  mesh_term: { term: string; descriptor: string; is_preferred: number };
  trial: {
    id: Generated<number>;
    nct_id: string;
    title: string;
    status: string;
    /** JSON. */
    conditions: string;
    sex: 'all' | 'female' | 'male';
    /** In years; null: no limit. */
    minimum_age: number | null;
    maximum_age: number | null;
    /** JSON: what is shown and matched. */
    content: string;
    updated_on: string | null;
    imported_at: string;
  };
  /** The full-text indexes: FTS5 in SQLite; tables with vectors, of which only `rowid` is the same, in PostgreSQL. */
  literature_text: FullText;
  trial_text: FullText;
};

export type LiteratureSourceName = 'pubmed' | 'europe-pmc' | 'guideline' | 'starter';

type FullText = { rowid: number; title: string; keywords: string; body: string; rank: number };
