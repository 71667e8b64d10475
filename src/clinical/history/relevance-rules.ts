import type { RelevantHistory } from '../../contract/history.ts';
import type { Region } from './regions.ts';

export type RelevanceRule = {
  id: string;
  /** Empty: any region. */
  regions: readonly Region[];
  /** Empty: any modality. */
  modalities: readonly string[];
  /** Only if the study's question has one of these words. */
  question?: RegExp;
  /** Problems, classes or ingredients of present drugs, words of allergies, tests of which the last value counts. */
  concepts?: readonly string[];
  drugClasses?: readonly string[];
  drugs?: readonly string[];
  allergies?: RegExp;
  tests?: readonly string[];
  /** Whether only present problems count; otherwise past ones do as well. */
  presentOnly?: boolean;
  matters_for: RelevantHistory['matters_for'];
  reason: string;
  citation: string | null;
};

const FLEISCHNER =
  'MacMahon H, et al. Guidelines for management of incidental pulmonary nodules: Fleischner Society 2017. Radiology 2017;284:228-243.';
const ACR_CONTRAST = 'American College of Radiology, Manual on Contrast Media.';
const BLEEDING = /\b(bleed\w*|h\w*morrhag\w*|trauma|fall|injur\w*|accident|h\w*matoma|subdural)\b/i;
const EMBOLISM = /\b(embol\w*|pe|dvt|thrombo\w*|dyspn\w*|d-?dimer)\b/i;
const CONTRAST_MODALITIES = ['CT', 'XA', 'RF'];

function rule(
  id: string,
  regions: readonly Region[],
  rest: Omit<RelevanceRule, 'id' | 'regions' | 'modalities' | 'citation'> & { modalities?: readonly string[]; citation?: string },
): RelevanceRule {
  return { id, regions, modalities: [], citation: null, ...rest };
}

/** What of a history matters, for which study, and why. Rules without a citation are our own. */
export const RELEVANCE_RULES: readonly RelevanceRule[] = [
  rule('cancer', [], {
    concepts: ['cancer'],
    matters_for: 'interpretation',
    reason: 'A known malignancy changes what a new lesion means: think of metastasis, and guidelines for incidental findings do not apply.',
    citation: FLEISCHNER,
  }),
  rule('immunosuppression', ['chest', 'head', 'abdomen'], {
    concepts: ['immunosuppression'],
    drugClasses: ['immunosuppressant', 'biologic-immunosuppressant', 'antineoplastic', 'calcineurin-inhibitor'],
    matters_for: 'interpretation',
    reason: 'Under immunosuppression opportunistic infection comes into question, and guidelines for incidental nodules do not apply.',
    citation: FLEISCHNER,
  }),
  rule('lung-disease', ['chest'], {
    concepts: ['copd', 'asthma', 'interstitial-lung-disease', 'asbestos', 'tuberculosis', 'pneumonia'],
    matters_for: 'interpretation',
    reason: 'Lung disease that is known leaves changes of its own and explains some of what is seen.',
  }),
  rule('heart-on-chest', ['chest', 'heart'], {
    concepts: ['heart-failure', 'coronary-disease', 'myocardial-infarction', 'atrial-fibrillation'],
    matters_for: 'interpretation',
    reason: 'Heart disease explains congestion, effusions and a large heart.',
  }),
  rule('smoking', ['chest'], {
    tests: ['72166-2'],
    matters_for: 'interpretation',
    reason: 'Smoking raises the risk of lung cancer, by which follow-up of nodules is chosen.',
    citation: FLEISCHNER,
  }),
  rule('pulmonary-toxic-drug', ['chest'], {
    drugClasses: ['pulmonary-toxic'],
    drugs: ['amiodarone', 'methotrexate', 'nitrofurantoin', 'bleomycin'],
    matters_for: 'interpretation',
    reason: 'The drug can injure the lung (warnings of its label).',
  }),
  rule('embolism', ['chest'], {
    question: EMBOLISM,
    concepts: ['venous-thromboembolism'],
    drugClasses: ['estrogen', 'contraceptive-hormonal', 'anticoagulant'],
    matters_for: 'interpretation',
    reason: 'Former thromboembolism and estrogens raise the probability of embolism; an anticoagulant changes it.',
    citation: 'Wells PS, et al. Thromb Haemost 2000;83:416-420.',
  }),
  rule('liver', ['abdomen'], {
    concepts: ['cirrhosis', 'hepatitis'],
    matters_for: 'interpretation',
    reason: 'With cirrhosis or chronic hepatitis B a liver lesion is classified as one at risk of hepatocellular carcinoma (LI-RADS).',
    citation: 'Chernyak V, et al. Liver Imaging Reporting and Data System version 2018. Radiology 2018;289:816-830.',
  }),
  rule('abdominal-disease', ['abdomen', 'pelvis'], {
    concepts: [
      'kidney-stone',
      'kidney-disease',
      'inflammatory-bowel-disease',
      'gallstones',
      'pancreatitis',
      'diverticular-disease',
      'peptic-ulcer',
    ],
    matters_for: 'interpretation',
    reason: 'The disease is in the region that is examined, and comes back.',
  }),
  rule('aneurysm', ['abdomen', 'chest', 'head', 'heart'], {
    concepts: ['aneurysm'],
    matters_for: 'comparison',
    reason: 'A known aneurysm is measured anew and compared.',
  }),
  rule('brain-disease', ['head'], {
    concepts: ['stroke', 'epilepsy', 'migraine', 'head-injury', 'dementia', 'atrial-fibrillation', 'hypertension', 'sinusitis'],
    matters_for: 'interpretation',
    reason: 'It leaves changes in the brain or the sinuses, or makes some of them more probable.',
  }),
  rule('bleeding-risk', [], {
    question: BLEEDING,
    drugClasses: ['anticoagulant', 'antiplatelet', 'thrombolytic'],
    tests: ['inr', 'platelets'],
    matters_for: 'interpretation',
    reason: 'The drug, or the state of clotting, makes bleeding more probable.',
  }),
  rule('anticoagulant-head', ['head'], {
    drugClasses: ['anticoagulant'],
    matters_for: 'interpretation',
    reason: 'An anticoagulant makes bleeding in the head more probable.',
  }),
  rule('bone', ['spine', 'limb', 'pelvis'], {
    concepts: ['osteoporosis', 'fracture', 'rheumatic-disease', 'arthrosis', 'disc-disease'],
    drugClasses: ['corticosteroid', 'bisphosphonate'],
    matters_for: 'interpretation',
    reason: 'It weakens or changes the bone or the joint that is examined, or is an earlier injury.',
  }),
  rule('thyroid', ['neck'], {
    concepts: ['thyroid-nodule', 'hyperthyroidism'],
    tests: ['tsh'],
    matters_for: 'interpretation',
    reason: 'Thyrotropin decides whether a nodule is examined by scintigraphy before it is sampled.',
    citation: 'Haugen BR, et al. 2015 American Thyroid Association guidelines. Thyroid 2016;26:1-133.',
  }),
  rule('breast', ['breast'], {
    concepts: ['breast-disease'],
    drugClasses: ['estrogen', 'serm', 'contraceptive-hormonal'],
    matters_for: 'interpretation',
    reason: 'Known lesions are compared; hormones change the density of the breast.',
  }),
  rule('contrast-kidney', [], {
    modalities: CONTRAST_MODALITIES,
    concepts: ['kidney-disease', 'dialysis'],
    tests: ['egfr', 'creatinine'],
    presentOnly: true,
    matters_for: 'safety',
    reason: 'Kidney function decides on precautions with an iodinated contrast medium.',
    citation: ACR_CONTRAST,
  }),
  rule('contrast-kidney-gadolinium', [], {
    modalities: ['MR'],
    concepts: ['kidney-disease', 'dialysis'],
    tests: ['egfr'],
    presentOnly: true,
    matters_for: 'safety',
    reason: 'Kidney function decides on the gadolinium agent.',
    citation: ACR_CONTRAST,
  }),
  rule('contrast-metformin', [], {
    modalities: CONTRAST_MODALITIES,
    drugClasses: ['biguanide'],
    matters_for: 'safety',
    reason: 'Metformin is held around an iodinated contrast medium if kidney function is low.',
    citation: ACR_CONTRAST,
  }),
  rule('contrast-allergy', [], {
    modalities: [...CONTRAST_MODALITIES, 'MR', 'US'],
    allergies: /\b(contrast|iodinated|iod?ine contrast|gadolin\w+|iohexol|iopamidol|iodixanol|iopromide|iomeprol|ioversol|gado\w+)\b/i,
    matters_for: 'safety',
    reason: 'A former reaction to a contrast medium: ask for the agent and how grave it was.',
    citation: ACR_CONTRAST,
  }),
  rule('contrast-thyroid', [], {
    modalities: CONTRAST_MODALITIES,
    concepts: ['hyperthyroidism'],
    presentOnly: true,
    matters_for: 'safety',
    reason: 'Iodine can bring on thyrotoxicosis: manifest hyperthyroidism is a contraindication.',
    citation: 'European Society of Urogenital Radiology, Guidelines on Contrast Agents 10.0.',
  }),
  rule('mr-implant', [], {
    modalities: ['MR'],
    concepts: ['implant'],
    matters_for: 'safety',
    reason: 'An active or magnetic implant must be cleared before the patient enters the scanner.',
    citation: 'ACR Committee on MR Safety. ACR Manual on MR Safety.',
  }),
  rule('pregnancy', [], {
    modalities: ['CT', 'CR', 'DX', 'XA', 'RF', 'MG', 'NM', 'PT', 'MR'],
    concepts: ['pregnancy'],
    presentOnly: true,
    matters_for: 'safety',
    reason: 'Radiation, radiopharmaceuticals and gadolinium are avoided or weighed in pregnancy.',
    citation: 'ACR-SPR Practice Parameter for Imaging Pregnant or Potentially Pregnant Patients with Ionizing Radiation.',
  }),
];
