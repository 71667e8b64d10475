import type { DesignKind, ReferenceNote } from '../../contract/literature.ts';

/** What a record says of how its work was done. Names as PubMed writes them. */
export type DesignInput = { publicationTypes: readonly string[]; mesh: readonly string[]; isPreprint: boolean };
export type Design = {
  kind: DesignKind;
  /** 1 (best) to 5; null for guidelines, which are judged by what they cite, and where nothing tells. */
  level: number | null;
  isRetracted: boolean;
  isPreprint: boolean;
  notes: ReferenceNote[];
};

type Rule = { kind: DesignKind; level: number | null; types?: readonly string[]; mesh?: readonly string[] };

/** The first that fits decides: a meta-analysis of randomized trials is tagged as both. */
const RULES: readonly Rule[] = [
  { kind: 'retraction-notice', level: null, types: ['retraction of publication', 'retraction notice'] },
  { kind: 'guideline', level: null, types: ['practice guideline', 'guideline', 'consensus development conference'] },
  { kind: 'meta-analysis', level: 1, types: ['meta analysis', 'network meta analysis'] },
  { kind: 'systematic-review', level: 1, types: ['systematic review'] },
  { kind: 'randomized-trial', level: 2, types: ['randomized controlled trial', 'equivalence trial', 'pragmatic clinical trial'] },
  {
    kind: 'clinical-trial',
    level: 3,
    types: ['controlled clinical trial', 'clinical trial', ...['i', 'ii', 'iii', 'iv'].map((phase) => `clinical trial phase ${phase}`)],
  },
  { kind: 'case-control', level: 4, mesh: ['case control studies'] },
  {
    kind: 'cohort',
    level: 3,
    types: ['comparative study', 'observational study', 'multicenter study'],
    mesh: ['cohort studies', 'follow up studies', 'prospective studies', 'longitudinal studies'],
  },
  { kind: 'case-report', level: 4, types: ['case reports'] },
  { kind: 'review', level: 5, types: ['review', 'scoping review'] },
  { kind: 'opinion', level: 5, types: ['editorial', 'comment', 'letter', 'news'] },
];

/**
 * The automatic design level: what the publication types (and, for observational studies, the MeSH headings) of a record tell of its design,
 * on the scale of the Oxford 2011 Levels of Evidence (OCEBM Levels of Evidence Working Group, treatment benefits). It says nothing of how
 * well the work was done, and is not GRADE. Work on animals alone is level 5 (reasoning from mechanism).
 */
export function designOf({ publicationTypes, mesh, isPreprint }: DesignInput): Design {
  const types = new Set(publicationTypes.map(folded));
  const headings = new Set(mesh.map(folded));
  const rule = RULES.find(
    ({ types: named = [], mesh: headed = [] }) => named.some((type) => types.has(type)) || headed.some((heading) => headings.has(heading)),
  );
  const onlyAnimals = headings.has('animals') && !headings.has('humans');
  const preprint = isPreprint || types.has('preprint');
  const notes: ReferenceNote[] = [
    ...(onlyAnimals ? (['animals-only'] as const) : []),
    ...(preprint ? (['preprint'] as const) : []),
    ...(types.has('published erratum') ? (['corrected'] as const) : []),
  ];
  return {
    kind: rule?.kind ?? 'unknown',
    level: onlyAnimals ? 5 : (rule?.level ?? null),
    isRetracted: types.has('retracted publication'),
    isPreprint: preprint,
    notes,
  };
}

function folded(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, ' ')
    .trim();
}
