import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable } from './fields.ts';

export const LITERATURE_SOURCES = ['pubmed', 'europe-pmc', 'guideline', 'starter'] as const;
/** Where a record comes from. `guideline`: a text that the site brought; `starter`: summaries that come with the program. */
export const LiteratureSource = Type.Enum([...LITERATURE_SOURCES]);
export type LiteratureSource = Static<typeof LiteratureSource>;

export const DesignKind = Type.Enum([
  'guideline',
  'meta-analysis',
  'systematic-review',
  'randomized-trial',
  'clinical-trial',
  'cohort',
  'case-control',
  'case-report',
  'review',
  'opinion',
  'retraction-notice',
  'unknown',
]);
export type DesignKind = Static<typeof DesignKind>;

/** Automatic design level: from publication types alone, 1 (systematic reviews) to 5; not a judgment of the work. */
const DesignLevel = Type.Integer({ minimum: 1, maximum: 5 });

/** `animals-only`: counted as level 5; `corrected`: a correction was published; `summary`: comes with the program, read the source that it names. */
export const ReferenceNote = Type.Enum(['animals-only', 'preprint', 'corrected', 'summary']);
export type ReferenceNote = Static<typeof ReferenceNote>;

export const Reference = Type.Object({
  /** `pmid:…`, `doi:…`, or the source with its own id. */
  key: Type.String(),
  source: LiteratureSource,
  /** `local`: from the corpus on this machine; `online`: asked for at its service just now or within the last day. */
  origin: Type.Enum(['local', 'online']),
  /** Whether it speaks of everything that was asked, or only of the rarest parts of it; `meaning`: found by its sense alone, no word in common. */
  matched: Type.Enum(['all', 'some', 'meaning']),
  title: Type.String(),
  abstract: Type.String(),
  authors: Type.Array(Type.String()),
  journal: Nullable(Type.String()),
  published_on: Nullable(Type.String()),
  year: Nullable(Type.Integer()),
  pmid: Nullable(Type.String()),
  pmcid: Nullable(Type.String()),
  doi: Nullable(Type.String()),
  url: Nullable(Type.String()),
  publication_types: Type.Array(Type.String()),
  mesh: Type.Array(Type.String()),
  trial_ids: Type.Array(Type.String()),
  /** Of a passage of a guideline that has pages: where it stands, counted from 1. */
  first_page: Nullable(Type.Integer()),
  last_page: Nullable(Type.Integer()),
  design: DesignKind,
  level: Nullable(DesignLevel),
  is_preprint: Type.Boolean(),
  is_guideline: Type.Boolean(),
  /** What lessens the weight of the work, as far as the record tells. */
  notes: Type.Array(ReferenceNote),
});
export type Reference = Static<typeof Reference>;

/** A retracted publication that matches: it is named, and never among the results. */
export const RetractedReference = Type.Object({
  key: Type.String(),
  title: Type.String(),
  pmid: Nullable(Type.String()),
  doi: Nullable(Type.String()),
});
export type RetractedReference = Static<typeof RetractedReference>;

export const CorpusSource = Type.Object({
  source: Type.Enum([...LITERATURE_SOURCES, 'mesh', 'trials']),
  record_count: Type.Integer(),
  /** Up to which day the source itself had been revised, as far as its records tell; else the day of the import. */
  corpus_date: Type.String(),
  imported_at: Instant,
});
export type CorpusSource = Static<typeof CorpusSource>;

export const OnlineSource = Type.Object({
  source: Type.Enum(['pubmed', 'europe-pmc', 'clinicaltrials.gov']),
  /** `off`: not configured; `failed`: it was asked and could not be used, so that the answer is of the local corpus alone. */
  status: Type.Enum(['ok', 'off', 'failed']),
  /** What was sent; null if nothing was. */
  query: Nullable(Type.String()),
  asked_at: Nullable(Instant),
  hit_count: Nullable(Type.Integer()),
  problem: Nullable(Type.String()),
});
export type OnlineSource = Static<typeof OnlineSource>;

/** How it was searched. `lexical`: by words and their synonyms; `hybrid`: also by the sense of sentences, with a model that the site brought. */
export const SearchMethod = Type.Object({
  method: Type.Enum(['lexical', 'hybrid']),
  /** The model, the SHA-256 of its files, and how many records it has read; null without one, or where it could not be used. */
  embedding: Nullable(Type.Object({ name: Type.String(), digest: Type.String(), record_count: Type.Integer() })),
  /** Why a model that is configured was not used. */
  problem: Nullable(Type.String()),
});
export type SearchMethod = Static<typeof SearchMethod>;

export const LiteratureAnswer = Type.Object({
  items: Type.Array(Reference),
  retracted: Type.Array(RetractedReference),
  /** To be shown above the results; null if there is nothing to warn of. */
  banner: Nullable(Type.String()),
  query: Type.Object({
    concepts: Type.Array(Type.Object({ text: Type.String(), synonyms: Type.Array(Type.String()) })),
    /** Whether every result holds all concepts, or some hold only part of them. */
    matched: Type.Enum(['all', 'some']),
  }),
  search: SearchMethod,
  sources: Type.Array(CorpusSource),
  /** The newest of `sources`; null while nothing is held. */
  corpus_date: Nullable(Type.String()),
  online: Type.Array(OnlineSource),
  disclaimer: Type.String(),
});
export type LiteratureAnswer = Static<typeof LiteratureAnswer>;

const Year = Type.Integer({ minimum: 1800, maximum: 2200 });
export const LiteratureFilter = {
  from_year: Type.Optional(Year),
  to_year: Type.Optional(Year),
  /** No weaker design than this; guidelines and what has no level are left out. */
  max_level: Type.Optional(DesignLevel),
  source: Type.Optional(LiteratureSource),
  include_preprints: Type.Optional(Type.Boolean({ default: true })),
};

export const searchLiterature = endpoint({
  method: 'GET',
  path: '/api/v1/literature/search',
  summary:
    'Publications about a question: from the corpus on this machine, and with `online` from the services that are configured. Retracted ones are left out and named (A-05)',
  permission: 'literature:search',
  query: Type.Object({
    q: Type.String({ minLength: 1, maxLength: 500 }),
    ...LiteratureFilter,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
    /** Sends the words of `q` out: never patient data in it. */
    online: Type.Optional(Type.Boolean({ default: false })),
  }),
  response: LiteratureAnswer,
});

/** What became of one file. What had been read when a problem was met is kept. */
export const ImportedFile = Type.Object({
  file: Type.String(),
  format: Nullable(
    Type.Enum(['pubmed-xml', 'europe-pmc-xml', 'europe-pmc-json', 'guideline', 'guideline-pdf', 'mesh-xml', 'mesh-csv', 'trials-json']),
  ),
  added: Type.Integer(),
  updated: Type.Integer(),
  deleted: Type.Integer(),
  /** Records without what they need (an id, a title), or that another source tells better. */
  skipped: Type.Integer(),
  problem: Nullable(Type.String()),
});
export type ImportedFile = Static<typeof ImportedFile>;

export const importLiterature = endpoint({
  method: 'POST',
  path: '/api/v1/literature/import',
  summary:
    'Takes in PubMed XML, Europe PMC XML or JSON, guidelines as PDF, text or Markdown, and the MeSH thesaurus, each also as .gz, for all tenants of the installation',
  permission: 'system:write',
  consumes: 'multipart/form-data',
  response: Type.Object({ files: Type.Array(ImportedFile) }),
});

/** `null`: no model is configured. */
export const EmbeddingState = Type.Object({
  model: Nullable(Type.Object({ name: Type.String(), digest: Type.String(), dimensions: Type.Integer() })),
  record_count: Type.Integer(),
  embedded_count: Type.Integer(),
  problem: Nullable(Type.String()),
});
export type EmbeddingState = Static<typeof EmbeddingState>;

export const getEmbeddings = endpoint({
  method: 'GET',
  path: '/api/v1/literature/embeddings',
  summary: 'How far the corpus has been read by the model for the sense of sentences that the site has configured (A-05)',
  permission: 'literature:search',
  response: EmbeddingState,
});

export const renewEmbeddings = endpoint({
  method: 'POST',
  path: '/api/v1/literature/embeddings',
  summary: 'Lets the model for the sense of sentences read what it has not read yet, or with `anew` everything again, in the background',
  permission: 'system:write',
  body: Type.Object({ anew: Type.Optional(Type.Boolean({ default: false })) }),
  response: EmbeddingState,
});

/** What the literature says to a case: references in the order of their relevance, each found by at least one of `queries`. */
export const ResearchResult = Type.Object({
  references: Type.Array(Reference),
  /** Different publications that were found before the list was cut; retracted ones do not count. */
  papers_found: Type.Integer(),
  /** The best automatic design level among the references that match everything of a query; null where none has one. */
  evidence_level: Nullable(DesignLevel),
  guideline_count: Type.Integer(),
  queries: Type.Array(
    Type.Object({
      text: Type.String(),
      because: Type.Array(Type.Object({ kind: Type.Enum(['question', 'finding', 'record']), id: Nullable(Type.String()) })),
      matched: Type.Enum(['all', 'some']),
    }),
  ),
  retracted: Type.Array(RetractedReference),
  banner: Nullable(Type.String()),
  search: SearchMethod,
  sources: Type.Array(CorpusSource),
  corpus_date: Nullable(Type.String()),
  online: Type.Array(OnlineSource),
  /** Why nothing could be looked for; null where something was, whether found or not. */
  not_evaluable: Nullable(Type.String()),
  disclaimer: Type.String(),
});
export type ResearchResult = Static<typeof ResearchResult>;
