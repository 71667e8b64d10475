import type { FollowUpModality } from '../contract/clinical.ts';

/** What a language needs to say a recommendation; numbers arrive as numbers. */
export type FollowUpWords = {
  modality: Record<FollowUpModality, string>;
  /** `at 6 to 12 months`. */
  after: (months: { min: number; max: number }) => string;
  /** `every 24 months until 60 months`. */
  repeated: (every: number, until: number | null) => string;
  optional: (act: string) => string;
  consider: (act: string) => string;
  recommended: (act: string) => string;
  prompt: (act: string) => string;
  ifUnchanged: (act: string) => string;
  or: string;
  nothing: string;
  nodules: (count: number, kind: string | null, diameter: string | null) => string;
  kind: Readonly<Record<string, string>>;
  /** Before options between which something unknown decides. */
  dependsOn: (names: string) => string;
  missing: Readonly<Record<string, string>>;
  decimal: string;
};

const span = ({ min, max }: { min: number; max: number }, to: string): string => (min === max ? `${min}` : `${min} ${to} ${max}`);
const same = (act: string): string => act;

export const EN: FollowUpWords = {
  modality: {
    ct: 'CT',
    'low-dose-ct': 'low-dose CT',
    'ct-or-mri': 'CT or MRI',
    'pet-ct': 'PET/CT',
    ultrasound: 'ultrasound',
    'breast-imaging': 'breast imaging',
    'tissue-sampling': 'tissue sampling',
    'clinical-evaluation': 'clinical evaluation',
    'multidisciplinary-discussion': 'multidisciplinary discussion',
    'comparison-with-prior': 'comparison with prior studies',
  },
  after: (months) => `at ${span(months, 'to')} months`,
  repeated: (every, until) => `then every ${every} months${until === null ? '' : ` until ${until} months`}`,
  optional: (act) => `optionally ${act}`,
  consider: (act) => `consider ${act}`,
  recommended: same,
  prompt: (act) => `promptly ${act}`,
  ifUnchanged: (act) => `if unchanged, ${act}`,
  or: 'or',
  nothing: 'no routine follow-up',
  nodules: (count, kind, diameter) =>
    [count === 1 ? 'Lung nodule' : `${count} lung nodules, the most suspicious`, kind, diameter].filter(Boolean).join(', '),
  kind: { solid: 'solid', 'part-solid': 'part-solid', 'ground-glass': 'pure ground-glass', subsolid: 'subsolid' },
  dependsOn: (names) => `depending on what is not known (${names}):`,
  missing: {
    high_risk: 'risk of lung cancer',
    kind: 'kind of the nodule',
    mean_diameter: 'diameter',
    long_axis: 'long axis',
    short_axis: 'short axis',
    solid_long_axis: 'size of the solid part',
    solid_short_axis: 'size of the solid part',
  },
  decimal: '.',
};

export const DE: FollowUpWords = {
  modality: {
    ct: 'CT',
    'low-dose-ct': 'Niedrigdosis-CT',
    'ct-or-mri': 'CT oder MRT',
    'pet-ct': 'PET/CT',
    ultrasound: 'Sonographie',
    'breast-imaging': 'Mammabildgebung',
    'tissue-sampling': 'Gewebeentnahme',
    'clinical-evaluation': 'klinische Abklärung',
    'multidisciplinary-discussion': 'interdisziplinäre Besprechung',
    'comparison-with-prior': 'Vergleich mit Voruntersuchungen',
  },
  after: (months) => `nach ${span(months, 'bis')} Monaten`,
  repeated: (every, until) => `danach alle ${every} Monate${until === null ? '' : ` bis ${until} Monate`}`,
  optional: (act) => `optional ${act}`,
  consider: (act) => `zu erwägen: ${act}`,
  recommended: same,
  prompt: (act) => `zeitnah ${act}`,
  ifUnchanged: (act) => `falls unverändert, ${act}`,
  or: 'oder',
  nothing: 'keine routinemäßige Kontrolle',
  nodules: (count, kind, diameter) =>
    [count === 1 ? 'Lungenrundherd' : `${count} Lungenrundherde, der verdächtigste`, kind, diameter].filter(Boolean).join(', '),
  kind: { solid: 'solide', 'part-solid': 'teilsolide', 'ground-glass': 'reines Milchglas', subsolid: 'subsolide' },
  dependsOn: (names) => `je nach dem, was nicht bekannt ist (${names}):`,
  missing: {
    high_risk: 'Lungenkrebsrisiko',
    kind: 'Art des Herdes',
    mean_diameter: 'Durchmesser',
    long_axis: 'Längsachse',
    short_axis: 'Querachse',
    solid_long_axis: 'Größe des soliden Anteils',
    solid_short_axis: 'Größe des soliden Anteils',
  },
  decimal: ',',
};

export const FR: FollowUpWords = {
  modality: {
    ct: 'scanner',
    'low-dose-ct': 'scanner à faible dose',
    'ct-or-mri': 'scanner ou IRM',
    'pet-ct': 'TEP-TDM',
    ultrasound: 'échographie',
    'breast-imaging': 'imagerie mammaire',
    'tissue-sampling': 'prélèvement tissulaire',
    'clinical-evaluation': 'évaluation clinique',
    'multidisciplinary-discussion': 'discussion pluridisciplinaire',
    'comparison-with-prior': 'comparaison avec les examens antérieurs',
  },
  after: (months) => `à ${span(months, 'à')} mois`,
  repeated: (every, until) => `puis tous les ${every} mois${until === null ? '' : ` jusqu’à ${until} mois`}`,
  optional: (act) => `facultatif : ${act}`,
  consider: (act) => `à envisager : ${act}`,
  recommended: same,
  prompt: (act) => `sans délai, ${act}`,
  ifUnchanged: (act) => `si inchangé, ${act}`,
  or: 'ou',
  nothing: 'pas de surveillance systématique',
  nodules: (count, kind, diameter) =>
    [count === 1 ? 'Nodule pulmonaire' : `${count} nodules pulmonaires, le plus suspect`, kind, diameter].filter(Boolean).join(', '),
  kind: { solid: 'solide', 'part-solid': 'partiellement solide', 'ground-glass': 'verre dépoli pur', subsolid: 'subsolide' },
  dependsOn: (names) => `selon ce qui n’est pas connu (${names}) :`,
  missing: {
    high_risk: 'risque de cancer du poumon',
    kind: 'type du nodule',
    mean_diameter: 'diamètre',
    long_axis: 'grand axe',
    short_axis: 'petit axe',
    solid_long_axis: 'taille de la partie solide',
    solid_short_axis: 'taille de la partie solide',
  },
  decimal: ',',
};

export const ES: FollowUpWords = {
  modality: {
    ct: 'TC',
    'low-dose-ct': 'TC de baja dosis',
    'ct-or-mri': 'TC o RM',
    'pet-ct': 'PET/TC',
    ultrasound: 'ecografía',
    'breast-imaging': 'imagen mamaria',
    'tissue-sampling': 'toma de muestra de tejido',
    'clinical-evaluation': 'evaluación clínica',
    'multidisciplinary-discussion': 'discusión multidisciplinaria',
    'comparison-with-prior': 'comparación con estudios previos',
  },
  after: (months) => `a los ${span(months, 'a')} meses`,
  repeated: (every, until) => `después cada ${every} meses${until === null ? '' : ` hasta los ${until} meses`}`,
  optional: (act) => `opcional: ${act}`,
  consider: (act) => `considerar ${act}`,
  recommended: same,
  prompt: (act) => `sin demora, ${act}`,
  ifUnchanged: (act) => `si no hay cambios, ${act}`,
  or: 'o',
  nothing: 'sin seguimiento sistemático',
  nodules: (count, kind, diameter) =>
    [count === 1 ? 'Nódulo pulmonar' : `${count} nódulos pulmonares, el más sospechoso`, kind, diameter].filter(Boolean).join(', '),
  kind: { solid: 'sólido', 'part-solid': 'parcialmente sólido', 'ground-glass': 'vidrio deslustrado puro', subsolid: 'subsólido' },
  dependsOn: (names) => `según lo que no se conoce (${names}):`,
  missing: {
    high_risk: 'riesgo de cáncer de pulmón',
    kind: 'tipo de nódulo',
    mean_diameter: 'diámetro',
    long_axis: 'eje mayor',
    short_axis: 'eje menor',
    solid_long_axis: 'tamaño de la parte sólida',
    solid_short_axis: 'tamaño de la parte sólida',
  },
  decimal: ',',
};

/** Keeps numbers and Latin letters in their own direction within right-to-left text. */
const ltr = (text: string): string => `\u2066${text}\u2069`;
const months = (count: number): string => (count >= 3 && count <= 10 ? 'أشهر' : 'شهرًا');

export const AR: FollowUpWords = {
  modality: {
    ct: 'تصوير مقطعي محوسب',
    'low-dose-ct': 'تصوير مقطعي محوسب منخفض الجرعة',
    'ct-or-mri': 'تصوير مقطعي محوسب أو تصوير بالرنين المغناطيسي',
    'pet-ct': `تصوير ${ltr('PET/CT')}`,
    ultrasound: 'تصوير بالموجات فوق الصوتية',
    'breast-imaging': 'تصوير الثدي',
    'tissue-sampling': 'أخذ عينة نسيجية',
    'clinical-evaluation': 'تقييم سريري',
    'multidisciplinary-discussion': 'مناقشة متعددة التخصصات',
    'comparison-with-prior': 'مقارنة مع الفحوص السابقة',
  },
  after: ({ min, max }) =>
    min === max ? `بعد ${ltr(`${min}`)} ${months(min)}` : `بعد ${ltr(`${min}`)} إلى ${ltr(`${max}`)} ${months(max)}`,
  repeated: (every, until) =>
    `ثم كل ${ltr(`${every}`)} ${months(every)}${until === null ? '' : ` حتى ${ltr(`${until}`)} ${months(until)}`}`,
  optional: (act) => `اختياريًا ${act}`,
  consider: (act) => `يُنظر في ${act}`,
  recommended: same,
  prompt: (act) => `دون تأخير ${act}`,
  ifUnchanged: (act) => `إذا لم يحدث تغير، ${act}`,
  or: 'أو',
  nothing: 'لا حاجة إلى متابعة روتينية',
  nodules: (count, kind, diameter) =>
    [count === 1 ? 'عقيدة رئوية' : `عقيدات رئوية (${ltr(`${count}`)})، الأكثر اشتباهًا`, kind, diameter === null ? null : ltr(diameter)]
      .filter(Boolean)
      .join('، '),
  kind: { solid: 'صلبة', 'part-solid': 'صلبة جزئيًا', 'ground-glass': 'زجاجية مغشاة صرفة', subsolid: 'تحت صلبة' },
  dependsOn: (names) => `بحسب ما هو غير معروف (${names}):`,
  missing: {
    high_risk: 'خطر سرطان الرئة',
    kind: 'نوع العقيدة',
    mean_diameter: 'القطر',
    long_axis: 'المحور الطويل',
    short_axis: 'المحور القصير',
    solid_long_axis: 'حجم الجزء الصلب',
    solid_short_axis: 'حجم الجزء الصلب',
  },
  decimal: '.',
};
