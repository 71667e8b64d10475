import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const es: Worded<typeof en> = {
  title: 'Nombre del hallazgo',
  values: 'Valores',
  valuesHint: 'Tal como los midió o los vio. Lo que dijo el modelo se conserva junto a ellos.',
  textHint:
    'Figura en el informe en lugar de las palabras del modelo. Si se deja vacío, el informe se redacta a partir del nombre y los valores.',
  modelSaid: (value: string) => `El modelo dijo: ${value}`,
  history: 'Decisiones',
  noHistory: 'Aún sin decisión',
  byAt: (name: string, at: string) => `${name}, ${at}`,
  decisions: { accept: 'Aceptado', edit: 'Cambiado', reject: 'Rechazado' },
  between: (min: string, max: string) => `${min} a ${max}`,
  fields: {
    diameter_mm: 'Diámetro',
    volume_mm3: 'Volumen',
    mean_hu: 'Densidad media',
    laa950_percent: 'Parte del pulmón por debajo de \u2212950 UH',
    side: 'Lado',
    kind: 'Tipo',
    subtype: 'Causa sugerida',
  },
  words: {
    left: 'Izquierdo',
    right: 'Derecho',
    solid: 'Sólido',
    subsolid: 'Subsólido',
    bacterial_pneumonia: 'Bacteriana',
    viral_pneumonia: 'Vírica',
  },
};
