import { numberInput } from './inputs.ts';
import { formulaScore, round, type ScoreDefinition } from './score.ts';

const height = numberInput('Height', { range: [30, 260], unit: 'cm', quantity: 'length' });
const weight = numberInput('Weight', { range: [0.5, 400], unit: 'kg', quantity: 'mass' });

const duBois = formulaScore({
  id: 'bsa-du-bois',
  version: '1916',
  title: 'Body surface area, Du Bois and Du Bois',
  population: 'Adults; made from 9 persons',
  citation: {
    text: 'Du Bois D, Du Bois EF. A formula to estimate the approximate surface area if height and weight be known. Arch Intern Med 1916;17:863-871.',
    doi: '10.1001/archinte.1916.00080130010002',
  },
  limits: ['Underestimates in infants and in severe obesity.'],
  unit: 'm2',
  inputs: { height, weight },
  formula: (facts) => ({ value: round(0.007184 * facts.number('weight') ** 0.425 * facts.number('height') ** 0.725, 2) }),
});

const mosteller = formulaScore({
  id: 'bsa-mosteller',
  version: '1987',
  title: 'Body surface area, Mosteller',
  population: 'Adults and children',
  citation: {
    text: 'Mosteller RD. Simplified calculation of body-surface area. N Engl J Med 1987;317:1098.',
    doi: '10.1056/NEJM198710223171717',
    pmid: '3657876',
  },
  unit: 'm2',
  inputs: { height, weight },
  formula: (facts) => ({ value: round(Math.sqrt((facts.number('height') * facts.number('weight')) / 3_600), 2) }),
});

/** Size of the body. */
export const BODY_SCORES: readonly ScoreDefinition[] = [duBois, mosteller];
