import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const de: Worded<typeof en> = {
  title: 'Name der Auffälligkeit',
  values: 'Werte',
  valuesHint: 'Wie Sie sie gemessen oder gesehen haben. Was das Modell sagte, bleibt daneben erhalten.',
  textHint: 'Steht im Bericht anstelle der Worte des Modells. Bleibt es leer, wird der Bericht aus Bezeichnung und Werten formuliert.',
  modelSaid: (value: string) => `Das Modell sagte: ${value}`,
  history: 'Entscheidungen',
  noHistory: 'Noch keine Entscheidung',
  byAt: (name: string, at: string) => `${name}, ${at}`,
  decisions: { accept: 'Übernommen', edit: 'Geändert', reject: 'Verworfen' },
  between: (min: string, max: string) => `${min} bis ${max}`,
  fields: {
    diameter_mm: 'Durchmesser',
    volume_mm3: 'Volumen',
    mean_hu: 'Mittlere Dichte',
    laa950_percent: 'Lungenanteil unter \u2212950 HU',
    side: 'Seite',
    kind: 'Art',
    subtype: 'Vermutete Ursache',
  },
  words: {
    left: 'Links',
    right: 'Rechts',
    solid: 'Solide',
    subsolid: 'Subsolide',
    bacterial_pneumonia: 'Bakteriell',
    viral_pneumonia: 'Viral',
  },
};
