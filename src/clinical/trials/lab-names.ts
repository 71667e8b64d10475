/** A measurement that criteria name: its names, its LOINC codes, and the units that mean the same. */
export type LabName = {
  name: RegExp;
  loinc: readonly string[];
  /** The unit of numbers that stand without one; null where that would be a guess. */
  unit: string | null;
};

/** Codes: LOINC 2.77. Names as whole words; the first that is in a criterion is taken. */
export const LAB_NAMES: readonly LabName[] = [
  {
    name: /\b(e-?gfr|estimated glomerular filtration rate|glomerular filtration rate|gfr)\b/i,
    loinc: ['98979-8', '98980-6', '62238-1', '33914-3', '69405-9'],
    unit: 'mL/min/{1.73_m2}',
  },
  { name: /\b(hba1c|hemoglobin a1c|haemoglobin a1c|glycated h(a)?emoglobin)\b/i, loinc: ['4548-4', '17856-6'], unit: '%' },
  { name: /\b(h(a)?emoglobin|hgb)\b/i, loinc: ['718-7'], unit: 'g/dL' },
  { name: /\b(platelets?|platelet count|thrombocytes?)\b/i, loinc: ['777-3', '26515-7'], unit: null },
  { name: /\b(absolute neutrophil count|neutrophils?|anc)\b/i, loinc: ['751-8', '26499-4'], unit: null },
  { name: /\b(body mass index|bmi)\b/i, loinc: ['39156-5'], unit: 'kg/m2' },
  { name: /\b(international normali[sz]ed ratio|inr)\b/i, loinc: ['6301-6', '34714-6'], unit: '1' },
  { name: /\b(left ventricular ejection fraction|ejection fraction|lvef)\b/i, loinc: ['10230-1', '8806-2'], unit: '%' },
  { name: /\b(systolic blood pressure|systolic bp|sbp)\b/i, loinc: ['8480-6'], unit: 'mm[Hg]' },
  { name: /\b(diastolic blood pressure|diastolic bp|dbp)\b/i, loinc: ['8462-4'], unit: 'mm[Hg]' },
  { name: /\b(serum creatinine|plasma creatinine|creatinine)\b(?! clearance)/i, loinc: ['2160-0', '38483-4'], unit: null },
  { name: /\b(total bilirubin|bilirubin)\b/i, loinc: ['1975-2'], unit: null },
  { name: /\b(serum albumin|albumin)\b/i, loinc: ['1751-7'], unit: null },
];

const UNIT_SPELLINGS: readonly [RegExp, string][] = [
  [/^ml\/min(\/1[.,]73 ?(m2|m\^2|m²|\{?m2\}?|sq\.? ?m))$/i, 'mL/min/{1.73_m2}'],
  [/^ml\/min\/\{1\.73_m2\}$/i, 'mL/min/{1.73_m2}'],
  [/^ml\/min\/1\.73\{m2\}$/i, 'mL/min/{1.73_m2}'],
  [/^(x ?|× ?)?10(\^|\*|e)?9\/l$/i, '10*9/L'],
  [/^(x ?|× ?)?10(\^|\*|e)?3\/(ul|µl|μl|mm3|mm\^3|mm³)$/i, '10*9/L'],
  [/^\/?(cells\/)?(ul|µl|μl|mm3|mm\^3|mm³)$/i, '/uL'],
  [/^\{?(score|ratio|inr)\}?$/i, '1'],
  [/^g\/dl$/i, 'g/dL'],
  [/^g\/l$/i, 'g/L'],
  [/^mg\/dl$/i, 'mg/dL'],
  [/^(u|µ|μ)mol\/l$/i, 'umol/L'],
  [/^kg\/(m2|m\^2|m²)$/i, 'kg/m2'],
  [/^(mm ?\[?hg\]?)$/i, 'mm[Hg]'],
  [/^%$/, '%'],
  [/^1$/, '1'],
];

/** A unit as people write it, by its UCUM code; undefined for one that is not known. */
export function unitCode(text: string): string | undefined {
  return UNIT_SPELLINGS.find(([spelling]) => spelling.test(text.trim()))?.[1];
}

/** A number in another unit, where that is a matter of powers of ten alone; undefined otherwise. */
export function inUnit(value: number, from: string, to: string): number | undefined {
  if (from === to) return value;
  if (from === '/uL' && to === '10*9/L') return value / 1_000;
  if (from === '10*9/L' && to === '/uL') return value * 1_000;
  if (from === 'g/L' && to === 'g/dL') return value / 10;
  if (from === 'g/dL' && to === 'g/L') return value * 10;
  return undefined;
}
