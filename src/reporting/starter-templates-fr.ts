import type { StarterWords } from './starter-words.ts';

export const FRENCH_TEMPLATES: StarterWords = {
  'chest-radiograph': {
    name: 'Radiographie du thorax',
    sections: {
      technique: 'Radiographie du thorax, [face et profil|face|face en décubitus|face en position assise].',
      findings: [
        'Matériel : [aucun|___].',
        'Poumons : [pas d’opacité|opacité ___].',
        'Plèvre : [pas d’épanchement, pas de pneumothorax|___].',
        'Cœur et médiastin : [silhouette cardiaque de taille normale, médiastin sans particularité|___].',
        'Os et parties molles : [pas d’anomalie aiguë|___].',
      ].join('\n'),
      impression: '[Pas d’anomalie cardio-pulmonaire aiguë|___].',
    },
  },
  'chest-ct': {
    name: 'Scanner du thorax',
    sections: {
      technique: 'Scanner du thorax [sans injection|avec injection intraveineuse], [faible dose|dose standard].',
      findings: [
        'Voies aériennes : [libres|___].',
        'Poumons : [pas de nodule, pas de condensation|___].',
        'Plèvre : [pas d’épanchement, pas de pneumothorax|___].',
        'Médiastin et hiles : [pas d’adénomégalie|___].',
        'Cœur et gros vaisseaux : [cœur de taille normale, pas d’épanchement péricardique|___].',
        'Étage abdominal supérieur exploré : [sans particularité|___].',
        'Os : [pas de lésion suspecte|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'head-ct': {
    name: 'Scanner cérébral',
    sections: {
      technique: 'Scanner cérébral [sans injection|sans puis avec injection intraveineuse].',
      findings: [
        'Hémorragie : [absente|___].',
        'Parenchyme cérébral : [différenciation cortico-sous-corticale conservée, pas d’infarctus constitué|___].',
        'Ligne médiane et ventricules : [pas de déviation, ventricules de taille normale|___].',
        'Espaces extra-axiaux : [pas de collection|___].',
        'Voûte et base du crâne : [pas de fracture|___].',
        'Sinus et mastoïdes explorés : [bien aérés|___].',
      ].join('\n'),
      impression: '[Pas d’anomalie intracrânienne aiguë|___].',
    },
  },
  'abdomen-ultrasound': {
    name: 'Échographie abdominale',
    sections: {
      technique: 'Échographie abdominale. Conditions d’examen : [bonnes|limitées par ___].',
      findings: [
        'Foie : [taille et échostructure normales, pas de lésion focale|___].',
        'Vésicule et voies biliaires : [pas de lithiase, paroi fine, voies biliaires non dilatées ; voie biliaire principale ___ mm|___].',
        'Pancréas : [sans particularité pour la portion vue|non vu|___].',
        'Rate : [taille normale, flèche ___ cm|___].',
        'Reins : droit ___ cm, gauche ___ cm ; [pas de lithiase, pas de dilatation des cavités|___].',
        'Aorte : [non dilatée|___].',
        'Épanchement péritonéal : [absent|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'knee-mr': {
    name: 'IRM du genou',
    sections: {
      technique: 'IRM du genou [droit|gauche], [sans injection|___].',
      findings: [
        'Ménisques : médial [intact|___] ; latéral [intact|___].',
        'Ligaments croisés : antérieur [intact|___] ; postérieur [intact|___].',
        'Ligaments collatéraux : [intacts|___].',
        'Appareil extenseur : [intact|___].',
        'Cartilage : [pas de lésion|___].',
        'Os : [pas d’œdème médullaire, pas de fracture|___].',
        'Articulation : [pas d’épanchement|épanchement ___] ; kyste poplité : [absent|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'bone-radiograph': {
    name: 'Radiographie osseuse ou articulaire',
    sections: {
      technique: 'Radiographie, ___, côté [droit|gauche], [deux incidences|___].',
      findings: [
        'Fracture : [absente|___].',
        'Alignement : [anatomique|___].',
        'Interlignes articulaires : [conservés|___].',
        'Parties molles : [sans particularité|___].',
      ].join('\n'),
      impression: '[Pas de fracture|___].',
    },
  },
};
