import type { Quantity } from '../units.ts';

/** A measurement that records code in several ways but that is one thing to a reader. */
export type LabTest = {
  id: string;
  title: string;
  /** LOINC codes of the same quantity in blood, serum or plasma (or of the same vital sign), whatever the method. */
  loinc: readonly string[];
  quantity: Quantity;
  /** UCUM; values are converted to it. */
  unit: string;
};

const TABLE: readonly (readonly [id: string, title: string, quantity: Quantity, unit: string, loinc: string])[] = [
  ['creatinine', 'Creatinine', 'creatinine', 'mg/dL', '2160-0 14682-9 38483-4'],
  ['cystatin-c', 'Cystatin C', 'cystatin-c', 'mg/L', '33863-2'],
  ['egfr', 'Estimated GFR', 'gfr', 'mL/min/{1.73_m2}', '33914-3 62238-1 98979-8 69405-9 48642-3 88293-6 88294-4'],
  ['urea', 'Urea', 'urea', 'mmol/L', '22664-7 3091-6'],
  ['urea-nitrogen', 'Urea nitrogen', 'urea-nitrogen', 'mg/dL', '3094-0 6299-2'],
  ['sodium', 'Sodium', 'sodium', 'mmol/L', '2951-2 2947-0'],
  ['potassium', 'Potassium', 'potassium', 'mmol/L', '2823-3 6298-4'],
  ['bilirubin', 'Bilirubin, total', 'bilirubin', 'mg/dL', '1975-2 14631-6'],
  ['albumin', 'Albumin', 'albumin', 'g/dL', '1751-7 2862-1'],
  ['alt', 'ALT', 'enzyme-activity', 'U/L', '1742-6 1743-4 1744-2'],
  ['ast', 'AST', 'enzyme-activity', 'U/L', '1920-8 30239-8'],
  ['alkaline-phosphatase', 'Alkaline phosphatase', 'enzyme-activity', 'U/L', '6768-6'],
  ['inr', 'INR', 'ratio', '1', '6301-6 34714-6'],
  ['platelets', 'Platelets', 'platelets', '10*9/L', '777-3 26515-7'],
  ['hemoglobin', 'Hemoglobin', 'hemoglobin', 'g/dL', '718-7 59260-0 20509-6'],
  ['leukocytes', 'Leukocytes', 'leukocytes', '10*9/L', '6690-2 26464-8'],
  ['hba1c', 'Hemoglobin A1c', 'hba1c', '%', '4548-4 17856-6 59261-8'],
  ['glucose', 'Glucose', 'glucose', 'mg/dL', '2345-7 2339-0 14749-6'],
  ['cholesterol', 'Cholesterol', 'cholesterol', 'mg/dL', '2093-3 14647-2'],
  ['ldl', 'LDL cholesterol', 'cholesterol', 'mg/dL', '18262-6 13457-7 2089-1'],
  ['hdl', 'HDL cholesterol', 'cholesterol', 'mg/dL', '2085-9 14646-4'],
  ['triglycerides', 'Triglycerides', 'triglycerides', 'mg/dL', '2571-8 14927-8'],
  ['crp', 'C-reactive protein', 'c-reactive-protein', 'mg/L', '1988-5'],
  ['lactate', 'Lactate', 'lactate', 'mmol/L', '2524-7 32693-4'],
  ['tsh', 'Thyrotropin', 'thyrotropin', 'm[IU]/L', '3016-3 11580-8'],
  ['psa', 'Prostate specific antigen', 'tumor-marker', 'ng/mL', '2857-1'],
  ['afp', 'Alpha-fetoprotein', 'tumor-marker', 'ng/mL', '1834-1'],
  ['cea', 'Carcinoembryonic antigen', 'tumor-marker', 'ng/mL', '2039-6'],
  ['albumin-creatinine', 'Urine albumin to creatinine', 'albumin-creatinine', 'mg/g', '9318-7 14959-1 32294-1'],
  ['weight', 'Body weight', 'mass', 'kg', '29463-7 3141-9'],
  ['height', 'Body height', 'length', 'cm', '8302-2 3137-7'],
  ['body-mass-index', 'Body mass index', 'body-mass-index', 'kg/m2', '39156-5'],
  ['systolic-pressure', 'Systolic pressure', 'pressure', 'mm[Hg]', '8480-6'],
  ['diastolic-pressure', 'Diastolic pressure', 'pressure', 'mm[Hg]', '8462-4'],
  ['mean-arterial-pressure', 'Mean arterial pressure', 'pressure', 'mm[Hg]', '8478-0'],
  ['heart-rate', 'Heart rate', 'rate', '/min', '8867-4'],
  ['respiratory-rate', 'Respiratory rate', 'rate', '/min', '9279-1'],
  ['oxygen-saturation', 'Oxygen saturation', 'fraction', '%', '59408-5 2708-6'],
  ['temperature', 'Body temperature', 'temperature', 'Cel', '8310-5 8331-1'],
  ['qt', 'QT interval', 'interval', 'ms', '8634-8'],
  ['glasgow-coma-scale', 'Glasgow coma scale', 'ratio', '1', '9269-2'],
  ['pao2-fio2', 'PaO2/FiO2', 'pressure', 'mm[Hg]', '50984-4'],
];

const TESTS: readonly LabTest[] = TABLE.map(([id, title, quantity, unit, loinc]) => ({
  id,
  title,
  quantity,
  unit,
  loinc: loinc.split(' '),
}));
const BY_LOINC = new Map(TESTS.flatMap((test) => test.loinc.map((code) => [code, test] as const)));

export function testOfLoinc(code: string): LabTest | undefined {
  return BY_LOINC.get(code);
}
