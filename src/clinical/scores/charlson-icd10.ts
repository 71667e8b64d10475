/**
 * Codes of the International Classification of Diseases, 10th revision, that stand for each condition of the Charlson index: Quan H,
 * Sundararajan V, Halfon P, et al. Coding algorithms for defining comorbidities in ICD-9-CM and ICD-10 administrative data. Med Care
 * 2005;43:1130-1139 (doi 10.1097/01.mlr.0000182534.19832.83, table 1). A code stands for all codes below it; `A-B` for the three-
 * or four-character codes from A to B.
 *
 * Quan's one group of malignancies is split here into solid tumors (also C97), leukemia (C91-C95) and lymphoma (C81-C85, C88, C90,
 * C96), as the index of 1987 counts them apart.
 */
const CODES: Readonly<Record<string, string>> = {
  myocardial_infarction: 'I21 I22 I25.2',
  heart_failure: 'I09.9 I11.0 I13.0 I13.2 I25.5 I42.0 I42.5-I42.9 I43 I50 P29.0',
  peripheral_vascular_disease: 'I70 I71 I73.1 I73.8 I73.9 I77.1 I79.0 I79.2 K55.1 K55.8 K55.9 Z95.8 Z95.9',
  cerebrovascular_disease: 'G45 G46 H34.0 I60-I69',
  dementia: 'F00-F03 F05.1 G30 G31.1',
  chronic_pulmonary_disease: 'I27.8 I27.9 J40-J47 J60-J67 J68.4 J70.1 J70.3',
  connective_tissue_disease: 'M05 M06 M31.5 M32-M34 M35.1 M35.3 M36.0',
  peptic_ulcer_disease: 'K25-K28',
  mild_liver_disease: 'B18 K70.0-K70.3 K70.9 K71.3-K71.5 K71.7 K73 K74 K76.0 K76.2-K76.4 K76.8 K76.9 Z94.4',
  severe_liver_disease: 'I85.0 I85.9 I86.4 I98.2 K70.4 K71.1 K72.1 K72.9 K76.5-K76.7',
  diabetes:
    'E10.0 E10.1 E10.6 E10.8 E10.9 E11.0 E11.1 E11.6 E11.8 E11.9 E12.0 E12.1 E12.6 E12.8 E12.9 E13.0 E13.1 E13.6 E13.8 E13.9 E14.0 E14.1 E14.6 E14.8 E14.9',
  diabetes_with_organ_damage: 'E10.2-E10.5 E10.7 E11.2-E11.5 E11.7 E12.2-E12.5 E12.7 E13.2-E13.5 E13.7 E14.2-E14.5 E14.7',
  hemiplegia: 'G04.1 G11.4 G80.1 G80.2 G81 G82 G83.0-G83.4 G83.9',
  renal_disease: 'I12.0 I13.1 N03.2-N03.7 N05.2-N05.7 N18 N19 N25.0 Z49.0-Z49.2 Z94.0 Z99.2',
  solid_tumor: 'C00-C26 C30-C34 C37-C41 C43 C45-C58 C60-C76 C97',
  leukemia: 'C91-C95',
  lymphoma: 'C81-C85 C88 C90 C96',
  metastatic_tumor: 'C77-C80',
  aids: 'B20-B22 B24',
};

type CodeSpan = { from: string; to: string };
const SPANS = Object.entries(CODES).map(([condition, codes]) => ({ condition, spans: codes.split(' ').map(spanOf) }));

/**
 * The conditions of the Charlson index that these ICD-10 codes show, as inputs of the score. Only true is concluded: a condition that
 * no code shows stays unknown, since a list of codes rarely holds everything.
 *
 * @param codes with or without the point, in any case: `I25.2`, `I252`, `e11.40`
 */
export function charlsonConditionsFromIcd10(codes: readonly string[]): Record<string, true> {
  const plain = codes.map((code) => code.trim().toUpperCase().replace('.', '')).filter((code) => /^[A-Z][0-9]{2}/.test(code));
  const shown = SPANS.filter(({ spans }) => plain.some((code) => spans.some((span) => isWithin(code, span))));
  return Object.fromEntries(shown.map(({ condition }) => [condition, true as const]));
}

function spanOf(text: string): CodeSpan {
  const [from = '', to = from] = text.replaceAll('.', '').split('-');
  return { from, to };
}

/** Compares at the length of the span's ends, so that subcodes belong to their parent. */
function isWithin(code: string, { from, to }: CodeSpan): boolean {
  const head = code.slice(0, from.length);
  return head.length === from.length && head >= from && head <= to;
}
