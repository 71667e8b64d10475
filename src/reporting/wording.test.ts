import { describe, expect, it } from 'vitest';
import type { Finding } from '../contract/findings.ts';
import { LOCALES } from '../contract/reports.ts';
import { describeAnalysis, describeFinding, describeMeasurement } from './wording.ts';
import { ARABIC } from './wording-ar.ts';
import { ENGLISH } from './wording-en.ts';

const finding = (changes: Partial<Finding>): Finding => ({
  id: 'f1',
  study_instance_uid: '1.2.3',
  series_instance_uid: null,
  sop_instance_uid: null,
  frame: null,
  analysis_id: null,
  source: 'model',
  code: 'pneumonia',
  title: 'Pneumonia',
  confidence: 0.94,
  threshold: 0.5,
  box: null,
  evidence: {},
  status: 'accepted',
  text: null,
  proposed: null,
  reason: null,
  reviewed_by: null,
  reviewed_at: null,
  disclaimer: null,
  created_at: '2026-11-21T08:00:00.000Z',
  ...changes,
});
const pneumonia = finding({ evidence: { probability: 0.943, subtype: 'bacterial_pneumonia', subtype_probability: 0.72 } });
const nodule = finding({
  code: 'lung-nodule',
  evidence: {
    diameter_mm: 9.13,
    volume_mm3: 1398.4,
    kind: 'solid',
    side: 'right',
    location: 'right lung, upper third, posterior',
    mean_hu: -34.6,
  },
});
const emphysema = finding({ code: 'emphysema', evidence: { laa950_percent: 12.44 } });

describe('findings in English', () => {
  it('words pneumonia with the model probability and the favored pattern', () => {
    expect(describeFinding(pneumonia, 'en')).toEqual({
      finding: 'Findings consistent with pneumonia (model probability 94%). Bacterial pattern favored (model probability 72%).',
      impression: 'Findings consistent with pneumonia; bacterial pattern favored.',
    });
  });

  it('words a nodule with side, place and measures, the side only once', () => {
    expect(describeFinding(nodule, 'en')).toEqual({
      finding:
        'Solid nodule in the right lung (upper third, posterior), diameter 9.1\u00a0mm, volume 1,398\u00a0mm³, mean attenuation \u221235\u00a0HU.',
      impression: 'Solid nodule in the right lung, 9.1\u00a0mm.',
    });
  });

  it('words emphysema with its share of the lung', () => {
    expect(describeFinding(emphysema, 'en').finding).toBe('Emphysema: 12.4% of the lung below \u2212950\u00a0HU (LAA-950).');
  });

  it('leaves out what the evidence does not hold instead of inventing it', () => {
    expect(describeFinding(finding({ confidence: null }), 'en').finding).toBe('Findings consistent with pneumonia.');
    expect(describeFinding(finding({ code: 'lung-nodule', evidence: { diameter_mm: 'big', side: 'up' } }), 'en').finding).toBe(
      'Nodule of the lung.',
    );
    expect(describeFinding(finding({ code: 'emphysema' }), 'en').finding).toBe('Emphysema.');
  });

  it('never prints a probability as certain', () => {
    expect(describeFinding(finding({ evidence: { probability: 0.9999 } }), 'en').finding).toContain('>99%');
    expect(describeFinding(finding({ evidence: { probability: 0.0001 } }), 'en').finding).toContain('<1%');
  });

  it("stands by the reader's words after an edit, and by the title of a code without a wording", () => {
    const text = 'No pneumonia.\n  Atelectasis of the lingula.';
    expect(describeFinding(finding({ status: 'edited', text }), 'en')).toEqual({
      finding: text,
      impression: 'No pneumonia. Atelectasis of the lingula.',
    });
    expect(describeFinding(finding({ code: 'new-code', title: 'Pneumothorax' }), 'en').finding).toBe('Pneumothorax');
    expect(describeFinding(finding({ source: 'person', code: 'person', title: 'Rib', text: 'Old fracture.' }), 'en')).toEqual({
      finding: 'Rib: Old fracture.',
      impression: 'Rib',
    });
  });

  it('never cuts a long text of the reader: the impression points to it', () => {
    const text = 'a'.repeat(301);
    expect(describeFinding(finding({ status: 'edited', text }), 'en')).toEqual({ finding: text, impression: ENGLISH.draft.seeFindings });
  });
});

describe('findings in Arabic', () => {
  const LTR_ISOLATED = /\u2066[^\u2066-\u2069]*\u2069/g;

  it('words pneumonia from the code, numbers in left-to-right isolates', () => {
    expect(describeFinding(pneumonia, 'ar')).toEqual({
      finding: 'موجودات تتوافق مع التهاب رئوي (احتمال النموذج \u206694%\u2069). النمط المرجح: بكتيري (احتمال النموذج \u206672%\u2069).',
      impression: 'موجودات تتوافق مع التهاب رئوي؛ النمط المرجح: بكتيري.',
    });
  });

  it('words a nodule with translated place and measures', () => {
    expect(describeFinding(nodule, 'ar').finding).toBe(
      'عقيدة صلبة في الرئة اليمنى (الثلث العلوي، القسم الخلفي)، القطر \u20669.1\u00a0mm\u2069، الحجم \u20661,398\u00a0mm³\u2069، متوسط التوهين \u2066\u221235\u00a0HU\u2069.',
    );
  });

  it('says right and left rightly', () => {
    expect(describeFinding(finding({ code: 'lung-nodule', evidence: { side: 'left' } }), 'ar').finding).toBe('عقيدة في الرئة اليسرى.');
    expect(describeFinding(finding({ code: 'lung-nodule', evidence: { side: 'right' } }), 'ar').finding).toBe('عقيدة في الرئة اليمنى.');
  });

  it('says more than and less than in words, which no direction can turn around', () => {
    expect(describeFinding(finding({ evidence: { probability: 0.9999 } }), 'ar').finding).toContain('أكثر من \u206699%\u2069');
    expect(describeFinding(finding({ evidence: { probability: 0.0001 } }), 'ar').finding).toContain('أقل من \u20661%\u2069');
  });

  it('keeps every Western digit and Latin letter inside of an isolate', () => {
    const sentences = [pneumonia, nodule, emphysema].flatMap((one) => Object.values(describeFinding(one, 'ar')));
    for (const sentence of sentences) expect(sentence.replaceAll(LTR_ISOLATED, '')).not.toMatch(/[0-9A-Za-z\u0660-\u0669]/);
  });
});

describe('findings in German, French and Spanish', () => {
  it.each([
    [
      'de',
      'Befund vereinbar mit Pneumonie (Modellwahrscheinlichkeit 94\u00a0%). Eher bakterielles Muster (Modellwahrscheinlichkeit 72\u00a0%).',
      'Solider Rundherd in der rechten Lunge (oberes Drittel, dorsal), Durchmesser 9,1\u00a0mm, Volumen 1.398\u00a0mm³, mittlere Dichte \u221235\u00a0HU.',
      'Emphysem: 12,4\u00a0% der Lunge unter \u2212950\u00a0HU (LAA-950).',
    ],
    [
      'fr',
      'Aspect compatible avec une pneumonie (probabilité du modèle 94\u00a0%). Origine bactérienne privilégiée (probabilité du modèle 72\u00a0%).',
      'Nodule solide du poumon droit (tiers supérieur, postérieur), diamètre 9,1\u00a0mm, volume 1\u202f398\u00a0mm³, densité moyenne \u221235\u00a0HU.',
      'Emphysème\u00a0: 12,4\u00a0% du poumon sous \u2212950\u00a0HU (LAA-950).',
    ],
    [
      'es',
      'Hallazgos compatibles con neumonía (probabilidad del modelo 94\u00a0%). Patrón más probable: bacteriano (probabilidad del modelo 72\u00a0%).',
      'Nódulo sólido en el pulmón derecho (tercio superior, posterior), diámetro 9,1\u00a0mm, volumen 1398\u00a0mm³, atenuación media \u221235\u00a0HU.',
      'Enfisema: 12,4\u00a0% del pulmón por debajo de \u2212950\u00a0HU (LAA-950).',
    ],
  ] as const)('%s: words each finding with its own decimal and grouping signs', (locale, ofPneumonia, ofNodule, ofEmphysema) => {
    expect(describeFinding(pneumonia, locale).finding).toBe(ofPneumonia);
    expect(describeFinding(nodule, locale).finding).toBe(ofNodule);
    expect(describeFinding(emphysema, locale).finding).toBe(ofEmphysema);
  });

  it('keeps the side in every language', () => {
    const words = {
      en: ['left', 'right'],
      de: ['linken', 'rechten'],
      fr: ['gauche', 'droit'],
      es: ['izquierdo', 'derecho'],
      ar: ['اليسرى', 'اليمنى'],
    };
    for (const locale of LOCALES) {
      for (const [index, side] of ['left', 'right'].entries()) {
        const { finding: sentence, impression } = describeFinding(finding({ code: 'lung-nodule', evidence: { side } }), locale);
        expect(sentence).toContain(words[locale][index]);
        expect(impression).toContain(words[locale][index]);
        expect(sentence).not.toContain(words[locale][1 - index]);
      }
    }
  });

  it('never claims certainty', () => {
    for (const locale of LOCALES) {
      const sentence = describeFinding(finding({ evidence: { probability: 1 } }), locale).finding;
      expect(sentence).toContain('99');
      expect(sentence).not.toContain('100');
    }
  });
});

describe('measurements and results', () => {
  const measurement = (name: string, value: number, unit: string) => ({
    name,
    title: 'Title of the model',
    value,
    unit,
    sop_instance_uid: null,
  });

  it('prints measures with the digits of their unit, UCUM codes as radiologists write them', () => {
    expect(describeMeasurement(measurement('lung-volume-total', 5243.4, 'mL'), 'en')).toBe('Total lung volume: 5,243\u00a0mL');
    expect(describeMeasurement(measurement('mean-lung-density', -842.3, "[hnsf'U]"), 'en')).toBe('Mean lung density: \u2212842\u00a0HU');
    expect(describeMeasurement(measurement('laa950', 12.44, '%'), 'en')).toBe('Lung below \u2212950\u00a0HU (LAA-950): 12.4%');
    expect(describeMeasurement(measurement('new', 1.234, 'cm'), 'en')).toBe('Title of the model: 1.23\u00a0cm');
    expect(describeMeasurement(measurement('lung-volume-left', 2433, 'mL'), 'ar')).toBe('حجم الرئة اليسرى: \u20662,433\u00a0mL\u2069');
  });

  it('says that a model abstained and why, in the language of the report', () => {
    const run = { status: 'abstained' as const, reason: 'body part is not the chest', scores: [], measurements: [] };
    expect(describeAnalysis(run, 'en')).toBe('Not evaluable: body part is not the chest');
    expect(describeAnalysis(run, 'ar')).toBe('غير قابل للتقييم: \u2068body part is not the chest\u2069');
    expect(describeAnalysis({ ...run, reason: ' ' }, 'en')).toBe('Not evaluable: no reason given');
  });

  it('lists the scores of a run that succeeded', () => {
    const scores = [
      { label: 'a', title: 'Pneumonia', raw_score: 2, probability: 0.88 },
      { label: 'b', title: 'Normal', raw_score: -2, probability: 0.12 },
    ];
    expect(describeAnalysis({ status: 'succeeded', reason: null, scores, measurements: [] }, 'en')).toBe('Pneumonia 88%, Normal 12%');
  });

  it('writes dates so that day and month cannot be confused', () => {
    expect(ENGLISH.date('19700102')).toBe('2 Jan 1970');
    expect(ENGLISH.date('2026-11-21T08:00:00.000Z')).toBe('21 Nov 2026');
    expect(ENGLISH.date('unknown')).toBe('unknown');
    expect(ARABIC.date('19700102')).toBe('\u20662\u2069 يناير \u20661970\u2069');
  });
});
