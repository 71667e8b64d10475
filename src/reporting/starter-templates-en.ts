import type { StarterWords } from './starter-words.ts';

export const ENGLISH_TEMPLATES: StarterWords = {
  'chest-radiograph': {
    name: 'Chest radiograph',
    sections: {
      technique: 'Chest radiograph, [PA and lateral|PA|AP, supine|AP, sitting].',
      findings: [
        'Lines and devices: [none|___].',
        'Lungs: [clear|opacity in the ___].',
        'Pleura: [no effusion, no pneumothorax|___].',
        'Heart and mediastinum: [heart size within normal limits, mediastinal contours unremarkable|___].',
        'Bones and soft tissues: [no acute abnormality|___].',
      ].join('\n'),
      impression: '[No acute cardiopulmonary abnormality|___].',
    },
  },
  'chest-ct': {
    name: 'CT of the chest',
    sections: {
      technique: 'CT of the chest [without contrast|with intravenous contrast], [low dose|standard dose].',
      findings: [
        'Airways: [patent|___].',
        'Lungs: [no nodule, no consolidation|___].',
        'Pleura: [no effusion, no pneumothorax|___].',
        'Mediastinum and hila: [no enlarged lymph nodes|___].',
        'Heart and great vessels: [heart not enlarged, no pericardial effusion|___].',
        'Upper abdomen, as far as included: [unremarkable|___].',
        'Bones: [no suspicious lesion|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'head-ct': {
    name: 'CT of the head',
    sections: {
      technique: 'CT of the head [without contrast|without and with intravenous contrast].',
      findings: [
        'Hemorrhage: [none|___].',
        'Brain parenchyma: [gray-white differentiation preserved, no demarcated infarct|___].',
        'Midline and ventricles: [no shift, ventricles of normal size|___].',
        'Extra-axial spaces: [no collection|___].',
        'Skull and skull base: [no fracture|___].',
        'Paranasal sinuses and mastoids, as far as included: [clear|___].',
      ].join('\n'),
      impression: '[No acute intracranial abnormality|___].',
    },
  },
  'abdomen-ultrasound': {
    name: 'Ultrasound of the abdomen',
    sections: {
      technique: 'Ultrasound of the abdomen. Visibility: [good|limited by ___].',
      findings: [
        'Liver: [normal size and echotexture, no focal lesion|___].',
        'Gallbladder and bile ducts: [no stones, wall not thickened, ducts not dilated; common duct ___ mm|___].',
        'Pancreas: [unremarkable as far as seen|not seen|___].',
        'Spleen: [not enlarged, length ___ cm|___].',
        'Kidneys: right ___ cm, left ___ cm; [no stone, no dilatation of the collecting system|___].',
        'Aorta: [not dilated|___].',
        'Free fluid: [none|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'knee-mr': {
    name: 'MRI of the knee',
    sections: {
      technique: 'MRI of the [right|left] knee, [without contrast|___].',
      findings: [
        'Menisci: medial [intact|___]; lateral [intact|___].',
        'Cruciate ligaments: anterior [intact|___]; posterior [intact|___].',
        'Collateral ligaments: [intact|___].',
        'Extensor mechanism: [intact|___].',
        'Cartilage: [no defect|___].',
        'Bones: [no marrow edema, no fracture|___].',
        'Joint: [no effusion|effusion ___]; popliteal cyst: [none|___].',
      ].join('\n'),
      impression: '[___]',
    },
  },
  'bone-radiograph': {
    name: 'Radiograph of a bone or joint',
    sections: {
      technique: 'Radiograph of the [right|left] ___, [two views|___].',
      findings: [
        'Fracture: [none|___].',
        'Alignment: [anatomic|___].',
        'Joint spaces: [preserved|___].',
        'Soft tissues: [unremarkable|___].',
      ].join('\n'),
      impression: '[No fracture|___].',
    },
  },
};
