import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const es: Worded<typeof en> = {
  modality: (a, b) => `hecho para ${a}, y esto es ${b}`,
  onlyModality: (a) => `hecho para ${a}`,
  bodyPart: (a) => `hecho para la región ${a}; se indica otra`,
  view: (a) => `hecho para la proyección ${a}; se indica otra`,
  age: (a, b) => `hecho para ${a} a ${b} años; la edad del paciente está fuera`,
  noPicture: () => 'el estudio no contiene ninguna imagen',
  nothing: () => 'nada que evaluar',
  failed: (a) => `la ejecución falló (${a}); el registro del servidor dice más`,
  unlike: (a, b) => `la imagen no se parece a aquellas de las que se hizo el modelo (puntuación ${a}, límite ${b})`,
  notLike: (a, b, c) => `la imagen no parece ${a} (probabilidad ${b}, necesaria ${c})`,
  fewSlices: (a, b) => `necesita al menos ${a} cortes; la serie tiene ${b}`,
  manySlices: (a) => `la serie tiene más de ${a} cortes`,
  farApart: (a, b) => `los cortes separados ${a} mm están demasiado lejos para medir; el límite es ${b} mm`,
  notAxial: () => 'los cortes no son axiales',
  noChest: () => 'los valores no son unidades Hounsfield de un tórax: muy poco aire o muy poco tejido blando',
  noLungs: () => 'no hay pulmones en el campo de visión',
  single: (a) => `hecho para imágenes sueltas; el objeto tiene ${a} imágenes`,
  frames: () => 'los objetos de varias imágenes aún no se leen',
};
