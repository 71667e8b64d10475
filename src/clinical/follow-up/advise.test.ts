import { describe, expect, it } from 'vitest';
import { measured, recordEntry } from '../../../test/record-entries.ts';
import { LOCALES } from '../../contract/reports.ts';
import { describeFollowUp, guidelineMark } from '../../reporting/follow-up-wording.ts';
import { adviseFollowUps, type RiskFacts } from './advise.ts';
import { dueOf } from './due.ts';
import { mayFulfill } from './match-study.ts';
import { type MeasuredFinding, readNodules } from './read-nodules.ts';
import { riskFactsOf } from './risk-facts.ts';

let count = 0;
const id = () => {
  count += 1;
  return `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`;
};
const coded = (diameter_mm: number, kind = 'solid', more: Partial<MeasuredFinding> = {}): MeasuredFinding => ({
  id: id(),
  code: 'lung-nodule',
  source: 'model',
  status: 'accepted',
  title: 'Lung nodule candidate',
  text: null,
  evidence: { diameter_mm, kind },
  ...more,
});
const worded = (text: string, title = 'Nodule'): MeasuredFinding => ({
  ...coded(0),
  code: 'person',
  source: 'person',
  title,
  text,
  evidence: {},
});
const LOW: RiskFacts = { age: 60 };
const advise = (findings: readonly MeasuredFinding[], facts: RiskFacts = LOW, modalities = ['CT']) =>
  adviseFollowUps({ findings, facts, studyDate: '20260115', modalities });
const optionIds = (findings: readonly MeasuredFinding[], facts?: RiskFacts) =>
  advise(findings, facts).flatMap(({ options }) => options.map((option) => option.id));

describe('advice by the Fleischner guideline of 2017 (Radiology 284:228)', () => {
  it.each([
    ['7 mm solid, high risk', [coded(7)], ['ct-6-12-then-18-24']],
    ['9.6 mm solid, rounded to 10', [coded(9.6)], ['ct-3-pet-or-tissue']],
    ['8.4 mm solid, rounded to 8', [coded(8.4)], ['ct-6-12-then-18-24']],
    ['two solid ones, the larger of 6 mm', [coded(4), coded(6)], ['ct-3-6-then-18-24']],
    ['5 mm solid', [coded(5)], ['optional-ct-12']],
  ])('%s', (_, findings, expected) => {
    expect(optionIds(findings, { age: 60, high_risk: 'smoker' })).toEqual(expected);
  });

  it('leaves both options where the risk is not known, and names it', () => {
    const [advice] = advise([coded(7)]);
    expect(advice?.options.map((option) => option.id).sort()).toEqual(['ct-6-12-consider-18-24', 'ct-6-12-then-18-24']);
    expect(advice).toMatchObject({ missing: ['high_risk'], due: { from: '2026-07-15', to: '2027-01-15' } });
  });

  it('asks both kinds of a subsolid nodule', () => {
    const [advice] = advise([coded(7, 'subsolid')]);
    expect(advice?.missing).toContain('kind');
    expect(advice?.options.map((option) => option.id)).toContain('ct-6-12-then-every-24-to-60');
    expect(advice?.due).toEqual({ from: '2026-04-15', to: '2027-01-15' });
  });

  it('gives none where the guideline does not apply: under 35 years, known cancer, immunosuppression, a mass, no CT', () => {
    expect(advise([coded(7)], { age: 34 })).toEqual([]);
    expect(advise([coded(7)], { age: 60, known_cancer: 'Melanoma' })).toEqual([]);
    expect(advise([coded(7)], { age: 60, immunosuppression: 'HIV' })).toEqual([]);
    expect(advise([coded(31)])).toEqual([]);
    expect(advise([coded(7)], LOW, ['DX'])).toEqual([]);
  });

  it('counts only what the reader accepted', () => {
    expect(advise([coded(7, 'solid', { status: 'rejected' }), coded(7, 'solid', { status: 'proposed' })])).toEqual([]);
  });

  it('takes emphysema that the reader accepted as high risk', () => {
    const emphysema = coded(0, '', { code: 'emphysema', title: 'Emphysema' });
    expect(optionIds([coded(7), emphysema])).toEqual(['ct-6-12-then-18-24']);
    expect(optionIds([coded(7), { ...emphysema, status: 'rejected' }])).toHaveLength(2);
  });
});

describe('nodules in the words of a reader', () => {
  it.each([
    ['Solid nodule 7 x 6 mm in the right upper lobe', { kind: 'solid', long: 7, short: 6 }],
    ['Ground-glass nodule of 0.9 cm', { kind: 'ground-glass', mean: 9 }],
    ['Part-solid nodule, 11,5 mm', { kind: 'part-solid', mean: 11.5 }],
    ['Teilsolider Rundherd 12×9 mm', { kind: 'part-solid', long: 12, short: 9 }],
  ])('%s', (text, expected) => {
    expect(readNodules([worded(text, 'Finding')])).toEqual([expect.objectContaining(expected)]);
  });

  it('reads no nodule without a size, of the thyroid, or where there is none', () => {
    expect(readNodules([worded('Small nodule'), worded('Thyroid nodule 12 mm'), worded('Effusion 15 mm', 'Effusion')])).toEqual([]);
  });
});

describe('due days', () => {
  it('keep the day of the month, or take the last of a shorter one', () => {
    const [advice] = advise([coded(10)]);
    expect(dueOf(advice?.options ?? [], '2025-11-30')).toEqual({ from: '2026-02-28', to: '2026-02-28' });
    expect(dueOf(advice?.options ?? [], '20251215')).toEqual({ from: '2026-03-15', to: '2026-03-15' });
    expect(dueOf([], '20251215')).toBeNull();
  });
});

describe('a later study', () => {
  const [advice] = advise([coded(7)]);
  const options = advice?.options ?? [];
  const chest = { study_date: '20260115', description: 'CT chest', modalities: ['CT'], body_parts: ['CHEST'] };
  it.each([
    ['the same region and modality', { ...chest, study_date: '20260720' }, true],
    ['a region that is not told', { ...chest, study_date: '20260720', description: null, body_parts: [] }, true],
    ['another region', { ...chest, study_date: '20260720', description: 'CT head', body_parts: ['HEAD'] }, false],
    ['another modality', { ...chest, study_date: '20260720', modalities: ['DX'] }, false],
    ['an earlier day', { ...chest, study_date: '20251231' }, false],
    ['the same day', chest, false],
  ])('%s', (_, later, expected) => {
    expect(mayFulfill(options, chest, later)).toBe(expected);
  });
});

describe('the risk that a record shows', () => {
  const at = new Date('2026-01-15T00:00:00Z');
  const smoking = (value_text: string) => ({ ...measured('72166-2', 0, '', '2020-01-01'), value: null, unit: null, value_text });
  it('is high for smokers, former ones too; a never smoker is not known to be low', () => {
    expect(riskFactsOf([smoking('Former smoker')], { birthDate: '19600305', at })).toEqual({ age: 65, high_risk: 'Former smoker' });
    expect(riskFactsOf([smoking('Never smoker')], { birthDate: '19600305', at })).toEqual({ age: 65 });
  });
  it('knows cancer of the past and immunosuppression of the present', () => {
    const entries = [
      recordEntry({ kind: 'condition', text: 'Breast cancer', status: 'resolved' }),
      recordEntry({ kind: 'condition', text: 'HIV infection' }),
    ];
    expect(riskFactsOf(entries, { birthDate: null, at })).toEqual({
      age: undefined,
      known_cancer: 'Breast cancer',
      immunosuppression: 'HIV infection',
    });
  });
});

describe('the sentence of the report', () => {
  const [advice] = advise([coded(7)], { age: 60, high_risk: 'smoker' });

  it.each([
    ['en', 'Lung nodule, solid, 7.0\u00a0mm: CT at 6 to 12 months; if unchanged, CT at 18 to 24 months (Fleischner 2017).'],
    [
      'de',
      'Lungenrundherd, solide, 7,0\u00a0mm: CT nach 6 bis 12 Monaten; falls unverändert, CT nach 18 bis 24 Monaten (Fleischner 2017).',
    ],
    ['fr', 'Nodule pulmonaire, solide, 7,0\u00a0mm: scanner à 6 à 12 mois; si inchangé, scanner à 18 à 24 mois (Fleischner 2017).'],
    ['es', 'Nódulo pulmonar, sólido, 7,0\u00a0mm: TC a los 6 a 12 meses; si no hay cambios, TC a los 18 a 24 meses (Fleischner 2017).'],
  ] as const)('in %s', (locale, expected) => {
    expect(advice && describeFollowUp(advice, locale)).toBe(expected);
  });

  it('names guideline and edition in every language, and all options where something is not known', () => {
    for (const locale of LOCALES) {
      const [open] = advise([coded(7)]);
      const text = open ? describeFollowUp(open, locale) : '';
      expect(text).toContain('Fleischner 2017');
      expect(text.match(/18/g), locale).toHaveLength(2);
    }
    expect(advice && guidelineMark(advice)).toBe('Fleischner 2017');
  });
});
