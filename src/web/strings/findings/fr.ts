import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const fr: Worded<typeof en> = {
  title: 'Nom de l\u2019anomalie',
  values: 'Valeurs',
  valuesHint: 'Telles que vous les avez mesurées ou vues. Ce que le modèle a dit est conservé à côté.',
  textHint:
    'Figure dans le compte rendu à la place des mots du modèle. Laissé vide, le compte rendu est rédigé d\u2019après le nom et les valeurs.',
  modelSaid: (value: string) => `Le modèle a dit : ${value}`,
  history: 'Décisions',
  noHistory: 'Pas encore de décision',
  byAt: (name: string, at: string) => `${name}, ${at}`,
  decisions: { accept: 'Acceptée', edit: 'Modifiée', reject: 'Rejetée' },
  between: (min: string, max: string) => `${min} à ${max}`,
  fields: {
    diameter_mm: 'Diamètre',
    volume_mm3: 'Volume',
    mean_hu: 'Densité moyenne',
    laa950_percent: 'Part du poumon sous \u2212950 UH',
    side: 'Côté',
    kind: 'Nature',
    subtype: 'Cause évoquée',
  },
  words: {
    left: 'Gauche',
    right: 'Droite',
    solid: 'Solide',
    subsolid: 'Subsolide',
    bacterial_pneumonia: 'Bactérienne',
    viral_pneumonia: 'Virale',
  },
};
