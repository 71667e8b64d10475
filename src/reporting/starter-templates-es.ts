import type { StarterWords } from './starter-words.ts';

export const SPANISH_TEMPLATES: StarterWords = {
  'chest-radiograph': {
    name: 'Radiografía de tórax',
    sections: {
      technique: 'Radiografía de tórax, [posteroanterior y lateral|posteroanterior|anteroposterior en decúbito|anteroposterior sentado].',
      findings: [
        'Dispositivos: [ninguno|___].',
        'Pulmones: [sin opacidades|opacidad en ___].',
        'Pleura: [sin derrame ni neumotórax|___].',
        'Corazón y mediastino: [silueta cardíaca de tamaño normal, mediastino sin alteraciones|___].',
        'Huesos y partes blandas: [sin alteraciones agudas|___].',
      ].join('\n'),
      impression: '[Sin alteraciones cardiopulmonares agudas|___].',
    },
  },
  'chest-ct': {
    name: 'TC de tórax',
    sections: {
      technique: 'TC de tórax [sin contraste|con contraste intravenoso], [baja dosis|dosis estándar].',
      findings: [
        'Vías aéreas: [permeables|___].',
        'Pulmones: [sin nódulos ni consolidaciones|___].',
        'Pleura: [sin derrame ni neumotórax|___].',
        'Mediastino e hilios: [sin adenopatías|___].',
        'Corazón y grandes vasos: [corazón de tamaño normal, sin derrame pericárdico|___].',
        'Abdomen superior incluido: [sin alteraciones|___].',
        'Huesos: [sin lesiones sospechosas|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'head-ct': {
    name: 'TC de cráneo',
    sections: {
      technique: 'TC de cráneo [sin contraste|sin y con contraste intravenoso].',
      findings: [
        'Hemorragia: [ausente|___].',
        'Parénquima cerebral: [diferenciación corticosubcortical conservada, sin infarto establecido|___].',
        'Línea media y ventrículos: [sin desviación, ventrículos de tamaño normal|___].',
        'Espacios extraaxiales: [sin colecciones|___].',
        'Bóveda y base del cráneo: [sin fracturas|___].',
        'Senos paranasales y mastoides incluidos: [bien neumatizados|___].',
      ].join('\n'),
      impression: '[Sin alteraciones intracraneales agudas|___].',
    },
  },
  'abdomen-ultrasound': {
    name: 'Ecografía abdominal',
    sections: {
      technique: 'Ecografía abdominal. Visibilidad: [buena|limitada por ___].',
      findings: [
        'Hígado: [tamaño y ecoestructura normales, sin lesiones focales|___].',
        'Vesícula y vía biliar: [sin litiasis, pared fina, vía biliar no dilatada; colédoco ___ mm|___].',
        'Páncreas: [sin alteraciones en lo visible|no visible|___].',
        'Bazo: [tamaño normal, longitud ___ cm|___].',
        'Riñones: derecho ___ cm, izquierdo ___ cm; [sin litiasis ni dilatación de la vía urinaria|___].',
        'Aorta: [no dilatada|___].',
        'Líquido libre: [ausente|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'knee-mr': {
    name: 'RM de rodilla',
    sections: {
      technique: 'RM de rodilla [derecha|izquierda], [sin contraste|___].',
      findings: [
        'Meniscos: interno [íntegro|___]; externo [íntegro|___].',
        'Ligamentos cruzados: anterior [íntegro|___]; posterior [íntegro|___].',
        'Ligamentos colaterales: [íntegros|___].',
        'Aparato extensor: [íntegro|___].',
        'Cartílago: [sin defectos|___].',
        'Hueso: [sin edema medular ni fractura|___].',
        'Articulación: [sin derrame|derrame ___]; quiste poplíteo: [ausente|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'bone-radiograph': {
    name: 'Radiografía de hueso o articulación',
    sections: {
      technique: 'Radiografía, ___, lado [derecho|izquierdo], [dos proyecciones|___].',
      findings: [
        'Fractura: [ausente|___].',
        'Alineación: [anatómica|___].',
        'Espacios articulares: [conservados|___].',
        'Partes blandas: [sin alteraciones|___].',
      ].join('\n'),
      impression: '[Sin fractura|___].',
    },
  },
};
