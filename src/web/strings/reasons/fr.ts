import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const fr: Worded<typeof en> = {
  modality: (a, b) => `conçu pour ${a}, or ceci est ${b}`,
  onlyModality: (a) => `conçu pour ${a}`,
  bodyPart: (a) => `conçu pour la région ${a} ; une autre est indiquée`,
  view: (a) => `conçu pour l’incidence ${a} ; une autre est indiquée`,
  age: (a, b) => `conçu pour ${a} à ${b} ans ; l’âge du patient est en dehors`,
  noPicture: () => 'l’examen ne contient aucune image',
  nothing: () => 'rien à évaluer',
  failed: (a) => `l’exécution a échoué (${a}) ; le journal du serveur en dit plus`,
  unlike: (a, b) => `l’image ne ressemble pas à celles dont le modèle est issu (score ${a}, limite ${b})`,
  notLike: (a, b, c) => `l’image ne ressemble pas à ${a} (probabilité ${b}, requise ${c})`,
  fewSlices: (a, b) => `il faut au moins ${a} coupes ; la série en a ${b}`,
  manySlices: (a) => `la série a plus de ${a} coupes`,
  farApart: (a, b) => `des coupes espacées de ${a} mm sont trop éloignées pour mesurer ; la limite est de ${b} mm`,
  notAxial: () => 'les coupes ne sont pas axiales',
  noChest: () => 'les valeurs ne sont pas des unités Hounsfield d’un thorax : trop peu d’air ou de tissus mous',
  noLungs: () => 'pas de poumons dans le champ',
  single: (a) => `conçu pour des images isolées ; l’objet a ${a} images`,
  frames: () => 'les objets à plusieurs images ne sont pas encore lus',
};
