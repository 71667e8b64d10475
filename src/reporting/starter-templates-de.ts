import type { StarterWords } from './starter-words.ts';

export const GERMAN_TEMPLATES: StarterWords = {
  'chest-radiograph': {
    name: 'Röntgen Thorax',
    sections: {
      technique: 'Röntgenaufnahme des Thorax, [p.a. und seitlich|p.a.|a.p. liegend|a.p. sitzend].',
      findings: [
        'Fremdmaterial: [keines|___].',
        'Lunge: [frei belüftet, kein Infiltrat|Verschattung ___].',
        'Pleura: [kein Erguss, kein Pneumothorax|___].',
        'Herz und Mediastinum: [Herz nicht vergrößert, Mediastinum unauffällig|___].',
        'Skelett und Weichteile: [keine akute Veränderung|___].',
      ].join('\n'),
      impression: '[Kein akuter kardiopulmonaler Befund|___].',
    },
  },
  'chest-ct': {
    name: 'CT Thorax',
    sections: {
      technique: 'CT des Thorax [nativ|nach intravenöser Kontrastmittelgabe], [Niedrigdosis|Standarddosis].',
      findings: [
        'Atemwege: [frei|___].',
        'Lunge: [kein Rundherd, keine Konsolidierung|___].',
        'Pleura: [kein Erguss, kein Pneumothorax|___].',
        'Mediastinum und Hili: [keine vergrößerten Lymphknoten|___].',
        'Herz und große Gefäße: [Herz nicht vergrößert, kein Perikarderguss|___].',
        'Oberbauch, soweit erfasst: [unauffällig|___].',
        'Skelett: [keine suspekte Läsion|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'head-ct': {
    name: 'CT Schädel',
    sections: {
      technique: 'CT des Schädels [nativ|nativ und nach intravenöser Kontrastmittelgabe].',
      findings: [
        'Blutung: [keine|___].',
        'Hirnparenchym: [Mark-Rinden-Differenzierung erhalten, kein demarkierter Infarkt|___].',
        'Mittellinie und Ventrikel: [keine Verlagerung, Ventrikel normal weit|___].',
        'Extraaxiale Räume: [keine Flüssigkeitsansammlung|___].',
        'Schädeldach und Schädelbasis: [keine Fraktur|___].',
        'Nasennebenhöhlen und Mastoide, soweit erfasst: [frei|___].',
      ].join('\n'),
      impression: '[Kein akuter intrakranieller Befund|___].',
    },
  },
  'abdomen-ultrasound': {
    name: 'Sonographie Abdomen',
    sections: {
      technique: 'Sonographie des Abdomens. Beurteilbarkeit: [gut|eingeschränkt durch ___].',
      findings: [
        'Leber: [normale Größe und Echostruktur, keine fokale Läsion|___].',
        'Gallenblase und Gallenwege: [keine Konkremente, Wand nicht verdickt, Gallenwege nicht erweitert; DHC ___ mm|___].',
        'Pankreas: [soweit einsehbar unauffällig|nicht einsehbar|___].',
        'Milz: [nicht vergrößert, Länge ___ cm|___].',
        'Nieren: rechts ___ cm, links ___ cm; [kein Konkrement, kein Harnstau|___].',
        'Aorta: [nicht erweitert|___].',
        'Freie Flüssigkeit: [keine|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'knee-mr': {
    name: 'MRT Knie',
    sections: {
      technique: 'MRT des [rechten|linken] Knies, [nativ|___].',
      findings: [
        'Menisken: medial [intakt|___]; lateral [intakt|___].',
        'Kreuzbänder: vorderes [intakt|___]; hinteres [intakt|___].',
        'Seitenbänder: [intakt|___].',
        'Streckapparat: [intakt|___].',
        'Knorpel: [kein Defekt|___].',
        'Knochen: [kein Knochenmarködem, keine Fraktur|___].',
        'Gelenk: [kein Erguss|Erguss ___]; Baker-Zyste: [keine|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'bone-radiograph': {
    name: 'Röntgen Knochen oder Gelenk',
    sections: {
      technique: 'Röntgenaufnahme [rechts|links], ___, [in zwei Ebenen|___].',
      findings: [
        'Fraktur: [keine|___].',
        'Stellung: [anatomisch|___].',
        'Gelenkspalten: [erhalten|___].',
        'Weichteile: [unauffällig|___].',
      ].join('\n'),
      impression: '[Keine Fraktur|___].',
    },
  },
};
