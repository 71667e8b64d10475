import { describe, expect, it } from 'vitest';
import type { Finding } from '../contract/findings.ts';
import type { CheckRule } from '../contract/report-checks.ts';
import { LOCALES, type Locale, type ReportSections } from '../contract/reports.ts';
import type { CheckInput } from './check-input.ts';
import { checkReport } from './check-report.ts';
import { STARTER_TEMPLATES } from './starter-templates.ts';
import { wordingOf } from './wording.ts';

const SOUND: ReportSections = {
  clinical_information: 'Cough.',
  technique: 'CT of the chest.',
  comparison: 'CT of 2 May 2025.',
  findings: 'Solid nodule in the right lung, diameter 7 mm.',
  impression: '1. Solid nodule in the right lung, 7 mm.',
  recommendation: '',
};
const FINDING: Finding = {
  id: '00000000-0000-7000-8000-000000000001',
  study_instance_uid: '1.2',
  series_instance_uid: null,
  sop_instance_uid: null,
  frame: null,
  analysis_id: null,
  source: 'model',
  code: 'lung-nodule',
  title: 'Lung nodule candidate',
  confidence: 0.9,
  threshold: 0.5,
  box: null,
  evidence: { diameter_mm: 7, kind: 'solid', side: 'right' },
  status: 'accepted',
  text: null,
  proposed: null,
  reason: null,
  reviewed_by: null,
  reviewed_at: null,
  disclaimer: null,
  created_at: '2026-01-15T09:00:00.000Z',
};

function check(change: Partial<Omit<CheckInput, 'sections'>> & { sections?: Partial<ReportSections> } = {}) {
  return checkReport({
    locale: 'en',
    statements: [],
    findings: [FINDING],
    patientSex: 'F',
    studySide: null,
    priors: 1,
    untoldCriticalResults: 0,
    ...change,
    sections: { ...SOUND, ...change.sections },
  });
}

const rulesOf = (...given: Parameters<typeof check>): CheckRule[] => [...new Set(check(...given).map(({ rule }) => rule))];
const quotesOf = (rule: CheckRule, ...given: Parameters<typeof check>): (string | null)[] =>
  check(...given)
    .filter((issue) => issue.rule === rule)
    .map(({ quote }) => quote);
/** Findings and impression in a language, with nothing found. */
const said = (locale: Locale, findings: string, more: Partial<CheckInput> = {}) =>
  ({ locale, findings: [], ...more, sections: { findings, impression: findings } }) as const;

describe('the checks before signing', () => {
  it('find nothing in a report that is sound', () => {
    expect(check()).toEqual([]);
  });

  it.each(['findings', 'impression'] as const)('block while %s is empty', (section) => {
    expect(check({ findings: [], sections: { [section]: ' \n' } })).toMatchObject([
      { rule: 'empty-section', severity: 'blocking', section },
    ]);
  });

  it.each(['[right|left]', '[size]', '___', '???', '{{name}}', 'XXX'])(
    'block while %s stands in the text, and say where',
    (placeholder) => {
      const technique = `CT of the ${placeholder} lung.`;
      const [issue] = check({ sections: { technique } });
      expect(issue).toMatchObject({ rule: 'placeholder', severity: 'blocking', section: 'technique', quote: placeholder, start: 10 });
    },
  );

  it('take a reference and an unprintable character for no placeholder', () => {
    expect(rulesOf({ sections: { technique: 'As in [1], with [U+5C71].' } })).toEqual([]);
  });

  it.each(LOCALES)('block on an open choice of every shipped template (%s)', (locale) => {
    for (const { sections } of STARTER_TEMPLATES.filter((template) => template.locale === locale)) {
      expect(checkReport({ ...BARE, locale, sections }).filter(({ rule }) => rule === 'placeholder').length).toBeGreaterThan(2);
    }
  });

  it.each(LOCALES)('block while the draft still asks the reader to write, and warn of an open recommendation (%s)', (locale) => {
    const { draft } = wordingOf(locale);
    const sections = { ...SOUND, findings: draft.noneAccepted, impression: draft.impressionOpen, recommendation: draft.recommendationOpen };
    const issues = checkReport({ ...BARE, locale, sections }).filter(({ rule }) => rule === 'open-sentence');
    expect(issues.map(({ section, severity }) => [section, severity])).toEqual([
      ['findings', 'blocking'],
      ['impression', 'blocking'],
      ['recommendation', 'warning'],
    ]);
  });

  it('block while a finding is undecided, and while the sentence of a rejected one is in the text', () => {
    expect(check({ findings: [{ ...FINDING, status: 'proposed' }] })).toMatchObject([
      { rule: 'undecided-finding', finding_ids: [FINDING.id] },
    ]);
    const statements = [{ section: 'findings', start: 0, end: 45, finding_id: FINDING.id, state: 'confirmed' }] as const;
    const issues = check({ findings: [{ ...FINDING, status: 'rejected' }], statements });
    expect(issues[0]).toMatchObject({
      rule: 'rejected-statement',
      severity: 'blocking',
      quote: 'Solid nodule in the right lung, diameter 7 mm',
    });
  });

  it('warn of a rejected finding that the text tells in other words, unless another one of its kind is meant', () => {
    const rejected = { ...FINDING, status: 'rejected' as const };
    expect(rulesOf({ findings: [rejected] })).toEqual(['rejected-finding-told']);
    expect(rulesOf({ findings: [rejected, { ...FINDING, id: '00000000-0000-7000-8000-000000000002' }] })).toEqual([]);
    expect(rulesOf({ findings: [rejected], sections: { findings: 'No nodule.', impression: 'Normal.' } })).toEqual([]);
  });

  it('warn where an accepted finding is denied or not told', () => {
    expect(rulesOf({ sections: { findings: 'No nodule.', impression: 'Normal chest.' } })).toEqual(['finding-denied']);
    expect(rulesOf({ sections: { findings: 'Degenerative spine.', impression: 'Degenerative spine.' } })).toEqual(['finding-not-told']);
  });

  it('warn of text from the software that nobody has reviewed', () => {
    const statement = { section: 'findings', start: 0, end: 46, finding_id: FINDING.id } as const;
    expect(rulesOf({ statements: [{ ...statement, state: 'unreviewed' }] })).toEqual(['unreviewed-text']);
    expect(rulesOf({ statements: [{ ...statement, state: 'confirmed' }] })).toEqual([]);
  });

  it('warn of a critical result that nobody was told of', () => {
    expect(check({ untoldCriticalResults: 1 })).toMatchObject([
      { rule: 'critical-not-told', section: null, citation: expect.stringContaining('10.1016/j.jacr.2013.12.016') },
    ]);
  });
});

const BARE: CheckInput = {
  locale: 'en',
  sections: SOUND,
  statements: [],
  findings: [],
  patientSex: null,
  studySide: null,
  priors: 1,
  untoldCriticalResults: 0,
};

describe('sides', () => {
  const WORDED: Record<Locale, { right: string; left: string; both: string }> = {
    en: { right: 'Nodule in the right lung.', left: 'Nodule in the left lung.', both: 'Nodule in both lungs.' },
    de: { right: 'Rundherd in der rechten Lunge.', left: 'Rundherd in der linken Lunge.', both: 'Rundherde beidseits.' },
    fr: { right: 'Nodule du poumon droit.', left: 'Nodule du poumon gauche.', both: 'Nodules bilatéraux.' },
    es: { right: 'Nódulo en el pulmón derecho.', left: 'Nódulo en el pulmón izquierdo.', both: 'Nódulos bilaterales.' },
    ar: { right: 'عقيدة في الرئة اليمنى.', left: 'عقيدة في الرئة اليسرى.', both: 'عقيدة في كلا الجانبين.' },
  };

  it.each(LOCALES)('of a finding and of the text have to agree (%s)', (locale) => {
    const { right, left, both } = WORDED[locale];
    const told = (sentence: string) => ({ ...said(locale, sentence), findings: [FINDING] });
    expect(quotesOf('laterality-finding', told(left))).toEqual([left, left].map((sentence) => sentence));
    expect(rulesOf(told(right))).toEqual([]);
    expect(rulesOf(told(both))).toEqual([]);
  });

  it.each(LOCALES)('of findings and impression have to agree (%s)', (locale) => {
    const { right, left } = WORDED[locale];
    const sections = { findings: right, impression: left };
    expect(check({ locale, findings: [], sections })).toMatchObject([{ rule: 'laterality-sections', section: 'impression', quote: left }]);
    expect(rulesOf({ locale, findings: [], sections: { findings: `${right} ${left}`, impression: left } })).toEqual([]);
  });

  it.each(LOCALES)('of the study and of the text have to agree, a comparison with the other side apart (%s)', (locale) => {
    const { right, left } = WORDED[locale];
    expect(rulesOf(said(locale, left, { studySide: 'right' }))).toEqual(['laterality-study']);
    expect(rulesOf(said(locale, `${right} ${left}`, { studySide: 'right' }))).toEqual([]);
  });

  it('follow a linked sentence where several findings are of one kind', () => {
    const other = { ...FINDING, id: '00000000-0000-7000-8000-000000000002', evidence: { ...FINDING.evidence, side: 'left' } };
    const findings = 'Nodule in the right lung. Nodule in the right lung.';
    const statements = [
      { section: 'findings', start: 0, end: 25, finding_id: FINDING.id, state: 'confirmed' },
      { section: 'findings', start: 26, end: 51, finding_id: other.id, state: 'edited' },
    ] as const;
    const issues = check({ findings: [FINDING, other], statements, sections: { findings, impression: 'Two nodules.' } });
    expect(issues).toMatchObject([{ rule: 'laterality-finding', start: 26, finding_ids: [other.id] }]);
  });
});

describe('the words', () => {
  const ORGANS: Record<Locale, { F: string; M: string }> = {
    en: { F: 'The uterus is enlarged.', M: 'The prostate is enlarged.' },
    de: { F: 'Uterus vergrößert.', M: 'Prostata vergrößert.' },
    fr: { F: 'Utérus augmenté de volume.', M: 'Prostate augmentée de volume.' },
    es: { F: 'Útero aumentado.', M: 'Próstata aumentada.' },
    ar: { F: 'الرحم متضخم.', M: 'البروستات متضخمة.' },
  };
  it.each(LOCALES)('on organs have to fit the sex that is recorded (%s)', (locale) => {
    const { F, M } = ORGANS[locale];
    expect(rulesOf(said(locale, F, { patientSex: 'M' }))).toEqual(['sex']);
    expect(rulesOf(said(locale, M, { patientSex: 'F' }))).toEqual(['sex']);
    for (const patientSex of ['F', 'O', null]) expect(rulesOf(said(locale, F, { patientSex }))).toEqual([]);
    expect(rulesOf(said(locale, M, { patientSex: 'M' }))).toEqual([]);
  });

  const MEASURED: Record<Locale, { right: string; noUnit: string; noValue: string }> = {
    en: { right: 'It measures 12 x 8 mm.', noUnit: 'It measures 12.', noValue: 'It measures mm.' },
    de: { right: 'Durchmesser 1,2 cm.', noUnit: 'Durchmesser 12.', noValue: 'Durchmesser cm.' },
    fr: { right: 'Diamètre de 12\u00a0mm.', noUnit: 'Diamètre de 12.', noValue: 'Diamètre de mm.' },
    es: { right: 'Mide 12 mm.', noUnit: 'Mide 12.', noValue: 'Mide mm.' },
    ar: { right: 'يقيس \u206612 مم\u2069.', noUnit: 'يقيس 12.', noValue: 'يقيس مم.' },
  };
  it.each(LOCALES)('on sizes have a number and a unit (%s)', (locale) => {
    const { right, noUnit, noValue } = MEASURED[locale];
    expect(rulesOf(said(locale, right))).toEqual([]);
    expect(rulesOf(said(locale, noUnit))).toEqual(['value-without-unit']);
    expect(rulesOf(said(locale, noValue))).toEqual(['unit-without-value']);
  });

  it('know what needs no number or no unit of length', () => {
    for (const text of ['Volumes in ml.', 'Stenosis, diameter 40 %.', '5-7 mm.', 'Size 3.2 x 1.1 cm.', 'About 12mm/year.'])
      expect(rulesOf(said('en', text)), text).toEqual([]);
  });

  it.each(LOCALES)('of the draft on findings break no rule but that they are to be reviewed (%s)', (locale) => {
    const { finding, impression } = wordingOf(locale).nodule({
      diameter_mm: 7.4,
      volume_mm3: 212,
      kind: 'solid',
      side: 'right',
      location: [],
      mean_hu: -12,
    });
    expect(rulesOf({ locale, sections: { findings: finding, impression } })).toEqual([]);
  });

  const COMPARED: Record<Locale, string> = {
    en: 'Unchanged since the prior study.',
    de: 'Unverändert seit der Voruntersuchung.',
    fr: 'Inchangé par rapport à l’examen précédent.',
    es: 'Sin cambios respecto al estudio previo.',
    ar: 'دون تغير عن السابق.',
  };
  it.each(LOCALES)('that compare need a study that they compare with (%s)', (locale) => {
    const none = wordingOf(locale).draft.noPrior;
    const sections = { findings: COMPARED[locale], impression: '–', comparison: none };
    expect(rulesOf({ locale, findings: [], priors: 0, sections })).toEqual(['prior-without-comparison']);
    expect(rulesOf({ locale, findings: [], priors: 1, sections })).toEqual([]);
    expect(rulesOf({ locale, findings: [], priors: 0, sections: { ...sections, comparison: '2025-05-02' } })).toEqual([]);
  });
});
