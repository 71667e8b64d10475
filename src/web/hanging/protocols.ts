import type { CellRule, HangingProtocol, SeriesRule, Stage } from './hang.ts';

const RADIOGRAPHS = ['CR', 'DX', 'RG'];
const ANY: readonly SeriesRule[] = [{}];

/** The views, as View Position (0018,5101) and descriptions name them. */
const FRONTAL: readonly SeriesRule[] = [{ view: /\b(pa|ap|frontal|p a|a p)\b/i }, { view: /^(?!.*\b(lat|lateral|ll|rl)\b)/i }];
const LATERAL: readonly SeriesRule[] = [{ view: /\b(lat|lateral|ll|rl)\b/i }];
const breast = (side: 'R' | 'L', view: 'CC' | 'MLO'): readonly SeriesRule[] => {
  const name = side === 'R' ? '(r|rt|right|rechts|droite?|derech[ao])' : '(l|lt|left|links|gauche|izquierd[ao])';
  return [{ modalities: ['MG'], view: new RegExp(`\\b(${name}\\b.*\\b${view}|${side}${view}|${view}\\b.*\\b${name})\\b`, 'i') }];
};

const present = (series: readonly SeriesRule[], more: Partial<CellRule> = {}): CellRule => ({ from: 'present', series, ...more });
const prior = (series: readonly SeriesRule[], more: Partial<CellRule> = {}): CellRule => ({ from: 'prior', series, ...more });

/** The axial series with most slices: localizers, dose pages and reformats are something else. */
const AXIAL_CT: readonly SeriesRule[] = [
  { modalities: ['CT'], words: /\b(ax|axial|tra|transversal)\b/i, notWords: /\b(scout|topogram|surview|localizer|dose|sag|cor|mip)\b/i },
  { modalities: ['CT'], notWords: /\b(scout|topogram|surview|localizer|dose|sag|sagittal|cor|coronal|mip)\b/i },
  { modalities: ['CT'] },
];
const T1: readonly SeriesRule[] = [
  { words: /\bt1w?\b/i, notWords: /\b(flair|gd|post|contrast|km|ce)\b/i },
  { words: /\b(mprage|bravo|spgr|tfe)\b/i },
];
const T2: readonly SeriesRule[] = [{ words: /\bt2w?\b/i, notWords: /\b(flair|star|swi|t2\*)/i }];
const FLAIR: readonly SeriesRule[] = [{ words: /flair/i }];
const DIFFUSION: readonly SeriesRule[] = [{ words: /\b(dwi|diff\w*|b ?1000|trace\w*)\b/i, notWords: /\badc\b/i }];
const MR: readonly SeriesRule[] = [{ modalities: ['MR'], notWords: /\b(localizer|scout|survey)\b/i }, { modalities: ['MR'] }];

/** CT in one window after the other, beside the prior in the same if there is one. */
function ctStages(windows: readonly CellRule['window'][]): Stage[] {
  const cell = (window: CellRule['window']): Partial<CellRule> => (window ? { window } : {});
  return [
    ...windows.map(
      (window): Stage => ({ layout: '1x2', cells: [present(AXIAL_CT, cell(window)), prior(AXIAL_CT, cell(window))], isLinked: true }),
    ),
    ...windows.map((window): Stage => ({ layout: '1x1', cells: [present(AXIAL_CT, cell(window))], isLinked: false })),
  ];
}

/**
 * How studies are hung, the special before the general. A reader may choose another protocol that the study fits, which is then remembered
 * for studies of this kind.
 */
export const PROTOCOLS: readonly HangingProtocol[] = [
  {
    id: 'mammography',
    match: { modalities: ['MG'] },
    stages: [
      four(present, [breast('R', 'CC'), breast('L', 'CC'), breast('R', 'MLO'), breast('L', 'MLO')]),
      {
        layout: '2x2',
        cells: [present(breast('R', 'CC')), present(breast('L', 'CC')), prior(breast('R', 'CC')), prior(breast('L', 'CC'))],
        isLinked: false,
      },
      {
        layout: '2x2',
        cells: [present(breast('R', 'MLO')), present(breast('L', 'MLO')), prior(breast('R', 'MLO')), prior(breast('L', 'MLO'))],
        isLinked: false,
      },
      { layout: '1x2', cells: [present(ANY), present(ANY)], isLinked: false },
      { layout: '1x1', cells: [present(ANY)], isLinked: false },
    ],
  },
  {
    id: 'chest-radiograph',
    match: { modalities: RADIOGRAPHS, words: /\b(chest|thorax|thorac\w*|cxr|lungs?|t[oó]rax|poumons?)\b/i },
    stages: [
      { layout: '1x2', cells: [present(FRONTAL), prior(FRONTAL)], isLinked: false },
      { layout: '1x2', cells: [present(FRONTAL), present(LATERAL)], isLinked: false },
      { layout: '1x2', cells: [present(LATERAL), prior(LATERAL)], isLinked: false },
      { layout: '1x1', cells: [present(FRONTAL)], isLinked: false },
    ],
  },
  {
    id: 'ct-chest',
    match: { modalities: ['CT'], words: /\b(chest|thorax|thorac\w*|lungs?|t[oó]rax|pulmon\w*|poumons?)\b/i },
    stages: ctStages(['lung', 'mediastinum', 'bone']),
  },
  {
    id: 'ct-head',
    match: { modalities: ['CT'], words: /\b(head|brain|skull|cran\w*|cerebr\w*|sch[aä]del|kopf|t[eê]te|cabeza|stroke)\b/i },
    stages: ctStages(['brain', 'subdural', 'bone']),
  },
  {
    id: 'ct-abdomen',
    match: { modalities: ['CT'], words: /\b(abd\w*|pelvi\w*|liver|kidney\w*|renal|becken)\b/i },
    stages: ctStages(['abdomen', 'liver', 'bone']),
  },
  {
    id: 'mr-brain',
    match: { modalities: ['MR'], words: /\b(head|brain|cran\w*|cerebr\w*|neuro\w*|sch[aä]del|kopf|t[eê]te|cabeza)\b/i, minSeries: 2 },
    stages: [
      four(present, [FLAIR, DIFFUSION, T2, T1], true),
      { layout: '1x2', cells: [present(FLAIR), prior(FLAIR)], isLinked: true },
      { layout: '1x2', cells: [present(T2), present(FLAIR)], isLinked: true },
      { layout: '1x2', cells: [present(MR), present(MR)], isLinked: true },
    ],
  },
  {
    id: 'sections-with-prior',
    match: { modalities: ['CT', 'MR', 'PT'] },
    stages: [
      { layout: '1x2', cells: [present(ANY), prior(ANY)], isLinked: true },
      { layout: '1x1', cells: [present(ANY)], isLinked: false },
    ],
  },
  {
    id: 'one-picture',
    match: { modalities: [] },
    stages: [
      { layout: '1x1', cells: [present(ANY)], isLinked: false },
      { layout: '1x2', cells: [present(ANY), prior(ANY)], isLinked: false },
    ],
  },
  {
    id: 'two-pictures',
    match: { modalities: [], minSeries: 2 },
    stages: [{ layout: '1x2', cells: [present(ANY), present(ANY)], isLinked: true }],
  },
  {
    id: 'four-pictures',
    match: { modalities: [], minSeries: 4 },
    stages: [four(present, [ANY, ANY, ANY, ANY], true)],
  },
];

function four(from: typeof present, rules: readonly (readonly SeriesRule[])[], isLinked = false): Stage {
  return { layout: '2x2', cells: rules.map((rule) => from(rule)), isLinked };
}
