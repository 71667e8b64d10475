import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../contract/reports.ts';
import { findDiscordances } from './discordance.ts';
import { type Certainty, labelFindings, summarizeMentions } from './label-findings.ts';
import { OBSERVATIONS, type Observation } from './label-lexicon.ts';

function read(text: string, locale: (typeof LOCALES)[number] = 'en'): Partial<Record<Observation, Certainty>> {
  return Object.fromEntries([...summarizeMentions(labelFindings(text, locale))].map(([key, { certainty }]) => [key, certainty]));
}

describe('what an English report says', () => {
  it.each<[string, Partial<Record<Observation, Certainty>>]>([
    ['Right lower lobe pneumonia.', { pneumonia: 'present' }],
    ['No pneumonia, effusion or pneumothorax.', { pneumonia: 'absent', 'pleural-effusion': 'absent', pneumothorax: 'absent' }],
    ['No pneumothorax, but a small left pleural effusion.', { pneumothorax: 'absent', 'pleural-effusion': 'present' }],
    ['Pneumonia cannot be excluded.', { pneumonia: 'uncertain' }],
    [
      'Opacity may represent atelectasis versus pneumonia.',
      { 'lung-opacity': 'uncertain', atelectasis: 'uncertain', pneumonia: 'uncertain' },
    ],
    ['No change in the 1.5 cm nodule. No effusion.', { 'lung-nodule': 'present', 'pleural-effusion': 'absent' }],
    ['The previously seen effusion has resolved.', {}],
    ['Pleural effusions have resolved.', { 'pleural-effusion': 'absent' }],
    ['History of pneumonia.', {}],
    ['Pneumonia is not seen.', { pneumonia: 'absent' }],
    ['Heart size is normal.', { cardiomegaly: 'absent' }],
    ['The heart is mildly enlarged.', { cardiomegaly: 'present' }],
    ['Without focal consolidation; mild emphysema.', { consolidation: 'absent', emphysema: 'present' }],
    ['Neither effusion nor edema.', { 'pleural-effusion': 'absent', edema: 'absent' }],
    ['No new nodules.', { 'lung-nodule': 'present' }],
    ['Free of infiltrates except for a nodular opacity.', { 'lung-opacity': 'present', 'lung-nodule': 'present' }],
    ['Endotracheal tube in place.', { 'support-device': 'present' }],
    ['Emphysematous change is seen.', { emphysema: 'present' }],
    ['The emphysematously-named author wrote this.', {}],
  ])('%s', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
    if (Object.keys(expected).length === 0) expect(read(text)).toEqual({});
  });

  it('takes clear lungs as the absence of every disease of the lungs', () => {
    expect(read('The lungs are clear.')).toMatchObject({
      pneumonia: 'absent',
      consolidation: 'absent',
      edema: 'absent',
      'lung-nodule': 'absent',
    });
  });

  it('lets what is present anywhere outweigh a denial elsewhere', () => {
    expect(read('No pneumonia on the left. Pneumonia on the right.')).toEqual({ pneumonia: 'present' });
  });
});

describe('what a report in another language says', () => {
  it.each<[(typeof LOCALES)[number], string, Partial<Record<Observation, Certainty>>]>([
    [
      'de',
      'Pneumonie im rechten Unterlappen. Kein Pleuraerguss, kein Pneumothorax.',
      { pneumonia: 'present', 'pleural-effusion': 'absent', pneumothorax: 'absent' },
    ],
    ['de', 'Verdacht auf Pneumonie. Lungenödem nicht nachweisbar.', { pneumonia: 'uncertain', edema: 'absent' }],
    ['fr', 'Pneumonie du lobe inférieur droit. Pas d’épanchement pleural.', { pneumonia: 'present', 'pleural-effusion': 'absent' }],
    ['fr', 'Opacité pouvant évoquer une pneumonie. Œdème possible.', { pneumonia: 'uncertain', edema: 'uncertain' }],
    [
      'es',
      'Neumonía en el lóbulo inferior derecho. Sin derrame pleural ni neumotórax.',
      { pneumonia: 'present', 'pleural-effusion': 'absent', pneumothorax: 'absent' },
    ],
    ['es', 'No se puede descartar neumonía.', { pneumonia: 'uncertain' }],
    ['ar', 'التهاب رئوي في الفص السفلي الأيمن. لا يوجد انصباب جنبي.', { pneumonia: 'present', 'pleural-effusion': 'absent' }],
    ['ar', 'لا يمكن استبعاد التهاب رئوي.', { pneumonia: 'uncertain' }],
    ['ar', 'عقيدة في الرئة اليمنى، ولا يلاحظ كسر.', { 'lung-nodule': 'present', fracture: 'absent' }],
  ])('%s: %s', (locale, text, expected) => {
    expect(read(text, locale)).toMatchObject(expected);
  });
});

it('reads any text in any language without failing, and quotes sentences that are in it', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('no', 'pneumonia', 'but', 'possible', 'kein', 'لا', '.', ';'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), fc.constantFrom(...LOCALES), (words, locale) => {
      const text = words.join(' ');
      for (const { sentence, observation } of labelFindings(text, locale)) {
        expect(text).toContain(sentence);
        expect(OBSERVATIONS).toContain(observation);
      }
    }),
    { numRuns: 500 },
  );
});

describe('where report and models disagree', () => {
  const finding = (code: string, status: 'accepted' | 'edited' | 'rejected') => ({
    id: `${code}-${status}`,
    code,
    source: 'model' as const,
    status,
  });
  const evaluated = ['pneumonia', 'lung-nodule'];
  const compare = (text: string, findings: ReturnType<typeof finding>[]) =>
    findDiscordances({ findings: text, impression: '' }, 'en', { findings, evaluated });

  it('names an accepted finding that the report denies or leaves out', () => {
    expect(compare('No pneumonia.', [finding('pneumonia', 'accepted')])).toEqual([
      { kind: 'model-only', observation: 'pneumonia', finding_ids: ['pneumonia-accepted'], sentence: 'No pneumonia.' },
    ]);
    expect(compare('Nothing else.', [finding('lung-nodule', 'accepted')])).toMatchObject([{ kind: 'model-only', sentence: null }]);
  });

  it('names what the report states and the model missed, or the reader had rejected', () => {
    expect(compare('A nodule in the left lung.', [])).toMatchObject([{ kind: 'report-only', observation: 'lung-nodule' }]);
    expect(compare('Pneumonia.', [finding('pneumonia', 'rejected')])).toMatchObject([{ finding_ids: ['pneumonia-rejected'] }]);
  });

  it('is content where they agree, where the report doubts, or where no model looked', () => {
    expect(compare('Pneumonia. No nodule.', [finding('pneumonia', 'accepted')])).toEqual([]);
    expect(compare('Possible pneumonia.', [])).toEqual([]);
    expect(compare('Consolidation in the right lower lobe.', [finding('pneumonia', 'accepted')])).toEqual([]);
    expect(compare('Pneumothorax.', [])).toEqual([]);
  });
});
