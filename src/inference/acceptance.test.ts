import { describe, expect, test } from 'vitest';
import { buildCard } from '../../test/inference/model-builder.ts';
import { accepts } from './acceptance.ts';

const card = buildCard('chest', new Uint8Array(), ['a', 'b']);
const fitting = { modality: 'DX', bodyPart: 'CHEST', view: 'PA', ageYears: 3 };

describe('whether a card was made for a picture', () => {
  test('accepts what fits without a caveat', () => {
    expect(accepts(card, fitting)).toEqual({ accepted: true, caveats: [] });
  });

  test.each(['CHEST', 'chest ', 'THORAX', 'LUNG', 'Chest PA', 'PORTABLE CHEST', 'CHEST_AP', 'LUNGS', 'CHEST X-RAY'])(
    'knows %j as the chest',
    (bodyPart) => {
      expect(accepts(card, { ...fitting, bodyPart })).toEqual({ accepted: true, caveats: [] });
    },
  );

  test.each([
    ['modality', { modality: 'MR' }, 'made for modality CR or DX, not MR'],
    ['body part', { bodyPart: 'KNEE' }, 'made for body part CHEST; another one is stated'],
    ['body part beyond the chest', { bodyPart: 'CHEST ABDOMEN' }, 'made for body part CHEST; another one is stated'],
    ['view', { view: 'LL' }, 'made for view PA or AP; another one is stated'],
    ['age above', { ageYears: 6 }, "made for 1 to 5 years; the patient's age is outside"],
    ['age below', { ageYears: 0.5 }, "made for 1 to 5 years; the patient's age is outside"],
  ])('refuses another %s with a sentence', (_, changed, sentence) => {
    expect(accepts(card, { ...fitting, ...changed })).toEqual({ accepted: false, reason: `Test model chest: ${sentence}` });
  });

  test.each([1, 5, 5.9])('counts %d years as within 1 to 5', (ageYears) => {
    expect(accepts(card, { ...fitting, ageYears })).toMatchObject({ accepted: true });
  });

  test('accepts what is unknown, with a caveat for each', () => {
    expect(accepts(card, {})).toEqual({
      accepted: true,
      caveats: [
        'modality unknown; the model was made for CR or DX',
        'body part unknown; the model was made for CHEST',
        'view unknown; the model was made for PA or AP',
        'age unknown; the model was made for 1 to 5 years',
      ],
    });
    expect(accepts(card, { ...fitting, bodyPart: '  ' })).toMatchObject({
      accepted: true,
      caveats: [expect.stringContaining('body part')],
    });
  });

  test('a card without limits on body part, view or age does not ask for them', () => {
    const open = { ...card, accepts: { ...card.accepts, body_parts: [], views: [], age_years: null } };
    expect(accepts(open, { modality: 'CR', bodyPart: 'KNEE', view: 'LL', ageYears: 80 })).toEqual({ accepted: true, caveats: [] });
  });

  test('repeats no free text, and never the age', () => {
    const stated = { modality: 'Smith^John', bodyPart: 'Smith^John', view: 'Smith^John', ageYears: 61 };
    for (const name of ['modality', 'bodyPart', 'view', 'ageYears'] as const) {
      const { reason } = { reason: '', ...accepts(card, { ...fitting, [name]: stated[name] }) };
      expect(reason).toMatch(/^Test model chest: made for/);
      expect(reason).not.toMatch(/smith|61/i);
    }
  });
});
