import type { Citation } from '../../contract/clinical.ts';
import { eitherOf } from './explore.ts';
import { numberInput, sexInput } from './inputs.ts';
import { adultsOnly, formulaScore, round, type ScoreDefinition } from './score.ts';

const AHA_2009: Citation = {
  text: 'Rautaharju PM, Surawicz B, Gettes LS. AHA/ACCF/HRS recommendations for the standardization and interpretation of the electrocardiogram, part IV: the ST segment, T and U waves, and the QT interval. Circulation 2009;119:e241-e250 (prolonged: 460 ms or more in women, 450 ms or more in men; short: 390 ms or less).',
  doi: '10.1161/CIRCULATIONAHA.108.191096',
  pmid: '19228821',
};

const rrInterval = numberInput('RR interval', { range: [200, 3000], unit: 'ms', quantity: 'interval' });

type Correction = (qtMs: number, rrMs: number) => number;

/** Corrections of the QT interval for the heart rate; they differ in the formula only. QT and RR in milliseconds. */
function qtScore({ name, version }: { name: string; version: string }, citation: Citation, correct: Correction): ScoreDefinition {
  return formulaScore({
    id: `qtc-${name.toLowerCase()}`,
    version,
    title: `Corrected QT interval, ${name}`,
    population: 'Adults in sinus rhythm',
    citation,
    references: [AHA_2009],
    limits: ['Not for a wide QRS complex or an irregular rhythm. The formulas disagree most at heart rates far from 60 /min.'],
    unit: 'ms',
    inputs: {
      qt: numberInput('QT interval', { range: [150, 900], unit: 'ms', quantity: 'interval' }),
      rr_interval: rrInterval,
      heart_rate: numberInput('Heart rate, in place of the RR interval', {
        range: [20, 300],
        unit: '/min',
        quantity: 'rate',
        required: false,
      }),
      sex: sexInput,
      age: { ...numberInput('Age', { range: [0, 120], unit: 'a', quantity: 'age', required: false }) },
    },
    derived: { rr_interval: eitherOf({ name: 'rr_interval', input: rrInterval, other: 'heart_rate', convert: (rate) => 60_000 / rate }) },
    bands: [
      { id: 'short', title: 'Short: 390 ms or less' },
      { id: 'normal', title: 'Neither short nor prolonged' },
      { id: 'prolonged', title: 'Prolonged: 450 ms or more in men, 460 ms or more in women' },
    ],
    excludes: adultsOnly,
    formula: (facts) => {
      const corrected = round(correct(facts.number('qt'), facts.number('rr_interval')), 1);
      const upper = facts.choice('sex') === 'female' ? 460 : 450;
      return { value: corrected, band: corrected >= upper ? 'prolonged' : corrected <= 390 ? 'short' : 'normal' };
    },
  });
}

const bazett = qtScore(
  { name: 'Bazett', version: '1920' },
  { text: 'Bazett HC. An analysis of the time-relations of electrocardiograms. Heart 1920;7:353-370.' },
  (qtMs, rrMs) => qtMs / Math.sqrt(rrMs / 1_000),
);
const fridericia = qtScore(
  { name: 'Fridericia', version: '1920' },
  {
    text: 'Fridericia LS. Die Systolendauer im Elektrokardiogramm bei normalen Menschen und bei Herzkranken. Acta Med Scand 1920;53:469-486.',
    doi: '10.1111/j.0954-6820.1920.tb18266.x',
  },
  (qtMs, rrMs) => qtMs / Math.cbrt(rrMs / 1_000),
);
const framingham = qtScore(
  { name: 'Framingham', version: '1992' },
  {
    text: 'Sagie A, Larson MG, Goldberg RJ, Bengtson JR, Levy D. An improved method for adjusting the QT interval for heart rate (the Framingham Heart Study). Am J Cardiol 1992;70:797-801.',
    doi: '10.1016/0002-9149(92)90562-D',
    pmid: '1519533',
  },
  (qtMs, rrMs) => qtMs + 0.154 * (1_000 - rrMs),
);
const hodges = qtScore(
  { name: 'Hodges', version: '1983' },
  {
    text: "Hodges M, Salerno D, Erlien D. Bazett's QT correction reviewed: evidence that a linear QT correction for heart rate is better. J Am Coll Cardiol 1983;1:694 (abstract).",
  },
  (qtMs, rrMs) => qtMs + 1.75 * (60_000 / rrMs - 60),
);

/** QT interval at a heart rate of 60 per minute. */
export const HEART_RHYTHM_SCORES: readonly ScoreDefinition[] = [bazett, fridericia, framingham, hodges];
