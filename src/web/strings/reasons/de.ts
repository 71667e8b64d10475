import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const de: Worded<typeof en> = {
  modality: (a, b) => `gemacht für ${a}, dies ist ${b}`,
  onlyModality: (a) => `gemacht für ${a}`,
  bodyPart: (a) => `gemacht für die Körperregion ${a}; angegeben ist eine andere`,
  view: (a) => `gemacht für die Projektion ${a}; angegeben ist eine andere`,
  age: (a, b) => `gemacht für ${a} bis ${b} Jahre; das Alter liegt außerhalb`,
  noPicture: () => 'die Studie enthält kein Bild',
  nothing: () => 'nichts auszuwerten',
  failed: (a) => `der Lauf ist fehlgeschlagen (${a}); mehr steht im Protokoll des Servers`,
  unlike: (a, b) => `das Bild ist denen unähnlich, aus denen das Modell gemacht ist (Wert ${a}, Grenze ${b})`,
  notLike: (a, b, c) => `das Bild sieht nicht aus wie ${a} (Wahrscheinlichkeit ${b}, nötig ${c})`,
  fewSlices: (a, b) => `braucht mindestens ${a} Schichten; die Serie hat ${b}`,
  manySlices: (a) => `die Serie hat mehr als ${a} Schichten`,
  farApart: (a, b) => `Schichten im Abstand von ${a} mm sind zum Messen zu weit; die Grenze ist ${b} mm`,
  notAxial: () => 'die Schichten sind nicht axial',
  noChest: () => 'die Werte sind keine Hounsfield-Einheiten eines Thorax: zu wenig Luft oder zu wenig Weichteilgewebe',
  noLungs: () => 'keine Lunge im Bildfeld',
  single: (a) => `gemacht für Einzelbilder; das Objekt hat ${a} Bilder`,
  frames: () => 'Objekte mit mehreren Bildern werden noch nicht gelesen',
};
