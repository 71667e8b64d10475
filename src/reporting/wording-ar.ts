import type { NoduleEvidence } from './evidence.ts';
import { formatNumber, formatProbability, formatQuantity, readDate } from './numbers.ts';
import type { DraftWording, PaperWording, Wording } from './wording-shape.ts';

/** Left-to-right isolate … pop: digits, units and Latin names keep their own order in a right-to-left line (UAX #9, 2.4.2). */
const ltr = (text: string): string => `\u2066${text}\u2069`;
/** First-strong isolate … pop: text of a direction that is not known in advance. */
const isolate = (text: string): string => `\u2068${text}\u2069`;

const quantity = (value: number, unit: string): string => ltr(formatQuantity(value, unit));
/** In words beyond 1 and 99 percent: `<` and `>` would have to be read against the direction of the line. */
const percent = (probability: number): string => {
  if (probability > 0.99) return `أكثر من ${ltr('99%')}`;
  if (probability < 0.01) return `أقل من ${ltr('1%')}`;
  return ltr(formatProbability(probability));
};
const count = (value: number): string => ltr(formatNumber(value, 0));

const MONTHS = ['يناير', 'فبراير', 'مارس', 'أبريل', 'مايو', 'يونيو', 'يوليو', 'أغسطس', 'سبتمبر', 'أكتوبر', 'نوفمبر', 'ديسمبر'];
const SIDES = { left: 'اليسرى', right: 'اليمنى' };
const KINDS = { solid: 'صلبة', subsolid: 'شبه صلبة' };
/** The phrases in which the lung analysis says where something lies. */
const PLACES: Readonly<Record<string, string>> = {
  'upper third': 'الثلث العلوي',
  'middle third': 'الثلث الأوسط',
  'lower third': 'الثلث السفلي',
  'upper zone': 'المنطقة العلوية',
  'middle zone': 'المنطقة الوسطى',
  'lower zone': 'المنطقة السفلية',
  upper: 'القسم العلوي',
  middle: 'القسم الأوسط',
  lower: 'القسم السفلي',
  anterior: 'القسم الأمامي',
  posterior: 'القسم الخلفي',
  medial: 'القسم الإنسي',
  lateral: 'القسم الوحشي',
  central: 'القسم المركزي',
  peripheral: 'القسم المحيطي',
  apical: 'القمة',
  basal: 'القاعدة',
  subpleural: 'تحت الجنبة',
};

const inputs = (runs: number): string => (runs > 1 ? ` (عدد المدخلات: ${count(runs)})` : '');

const draft: DraftWording = {
  notGiven: 'لم تذكر.',
  noPrior: 'لا يتوفر فحص سابق.',
  prior: (date, modalities, description) =>
    `${modalities}${description === null ? '' : ` (${description})`} بتاريخ ${date ?? 'غير معروف'}.`,
  study: (modalities, bodyParts, description) =>
    `${modalities}${bodyParts === null ? '' : `، منطقة الفحص: ${bodyParts}`}${description === null ? '' : ` (وصف الفحص: ${description})`}.`,
  size: (series, instances) => `عدد السلاسل: ${count(series)}، عدد الصور: ${count(instances)}.`,
  equipment: (names) => `الجهاز: ${names}.`,
  synthetic: 'الصور اصطناعية: أنشأها برنامج حاسوبي ولم تؤخذ من شخص.',
  softwareRan: (models) => `تم التقييم ببرنامج: ${models}.`,
  softwareNotEvaluable: (model, reason, runs) => `${model}${inputs(runs)}: غير قابل للتقييم: ${reason}.`,
  softwareFailed: (model, reason, runs) => `${model}${inputs(runs)}: فشل التحليل: ${reason}.`,
  softwarePending: (model) => `${model}: لم يكتمل التحليل.`,
  noSoftware: 'لم يستخدم أي نموذج ذكاء اصطناعي.',
  noneAccepted: 'لم يقبل القارئ أي موجودة من موجودات الذكاء الاصطناعي. يكتب هنا تقييم القارئ.',
  measuredBy: (model) => `قياسات آلية (${model}):`,
  impressionOpen: 'يكتبه القارئ.',
  seeFindings: 'انظر نص القارئ في قسم الموجودات.',
  recommendationOpen: 'لم تنشأ أي توصية آلياً. يكتبها القارئ عند الحاجة.',
  doesNotFit: (more) => `موجودات مقبولة أخرى لا يتسع لها هذا القسم (العدد: ${count(more)}): يضيفها القارئ.`,
};

const paper: PaperWording = {
  patient: 'المريض',
  name: 'الاسم',
  patientId: 'رقم المريض',
  birthDate: 'تاريخ الميلاد',
  sex: 'الجنس',
  age: 'العمر',
  study: 'الفحص',
  studyDate: 'تاريخ الفحص',
  accession: 'رقم الطلب',
  description: 'الوصف',
  modality: 'نوع التصوير',
  studyUid: 'معرف الفحص',
  reportStatus: 'الحالة',
  version: 'الإصدار',
  report: 'التقرير',
  created: 'تاريخ الإنشاء',
  keyImages: 'الصور الرئيسية',
  aiHeading: 'مصدر نتائج الذكاء الاصطناعي',
  aiNone: 'لم يستخدم أي نموذج ذكاء اصطناعي على هذا الفحص.',
  model: 'النموذج',
  modelVersion: 'الإصدار',
  result: 'النتيجة',
  digest: 'البصمة (⁦SHA-256⁩)',
  disclaimerHeading: 'إخلاء المسؤولية',
  signature: 'التوقيع الإلكتروني',
  signedBy: 'صاحب التوقيع',
  signedAt: 'وقت التوقيع',
  meaning: 'معنى التوقيع',
  contentHash: 'بصمة المحتوى ⁦SHA-256⁩',
  notSigned: 'لم يوقع هذا التقرير.',
  draftBand: 'مسودة – غير موقعة',
  syntheticBand: 'صور اصطناعية – ليست لشخص',
  addendum: 'ملحق',
  amendment: 'التعديل',
  amends: 'يحل محل الإصدار',
  reason: 'السبب',
  image: 'صورة',
  empty: '–',
  unprintable: 'تطبع الأحرف التي لا يتوفر لها خط في هذه الوثيقة بأرقامها في يونيكود، مثل ⁦[U+5C71]⁩.',
  sexName: { M: 'ذكر', F: 'أنثى', O: 'آخر' },
  page: ['صفحة ', ' من ', ''],
};

/** Modern Standard Arabic; Western digits, which the DICOM viewer and the laboratory systems beside it use as well. */
export const ARABIC: Wording = {
  direction: 'rtl',
  section: {
    clinical_information: 'المعلومات السريرية',
    technique: 'تقنية الفحص',
    comparison: 'المقارنة',
    findings: 'الموجودات',
    impression: 'الانطباع',
    recommendation: 'التوصيات',
  },
  status: { draft: 'مسودة', final: 'نهائي', amended: 'منقح' },
  disclaimer: 'للاستخدام البحثي. ليس جهازاً طبياً. نتيجة صادرة عن برنامج حاسوبي ويجب أن يؤكدها قارئ مؤهل.',
  embed: isolate,
  date: (value) => {
    const date = readDate(value);
    return date ? `${ltr(String(date.day))} ${MONTHS[date.month - 1]} ${ltr(String(date.year))}` : isolate(value);
  },
  list: (items) => items.join('، '),
  pneumonia: ({ probability, subtype, subtype_probability }) => {
    const origin = subtype === null ? null : subtype === 'bacterial_pneumonia' ? 'بكتيري' : 'فيروسي';
    const model = probability === null ? '' : ` (احتمال النموذج ${percent(probability)})`;
    const weight = subtype_probability === null ? '' : ` (احتمال النموذج ${percent(subtype_probability)})`;
    return {
      finding: `موجودات تتوافق مع التهاب رئوي${model}.${origin === null ? '' : ` النمط المرجح: ${origin}${weight}.`}`,
      impression: `موجودات تتوافق مع التهاب رئوي${origin === null ? '' : `؛ النمط المرجح: ${origin}`}.`,
    };
  },
  nodule: (nodule) => {
    const { diameter_mm, volume_mm3, mean_hu } = nodule;
    const numbers = [
      diameter_mm === null ? '' : `القطر ${quantity(diameter_mm, 'mm')}`,
      volume_mm3 === null ? '' : `الحجم ${quantity(volume_mm3, 'mm³')}`,
      mean_hu === null ? '' : `متوسط التوهين ${quantity(mean_hu, 'HU')}`,
    ].filter(Boolean);
    const places = nodule.location.map((phrase) => PLACES[phrase.toLowerCase()] ?? isolate(phrase));
    const where = places.length === 0 ? '' : ` (${places.join('، ')})`;
    return {
      finding: `${[`${noduleInLung(nodule)}${where}`, ...numbers].join('، ')}.`,
      impression: `${noduleInLung(nodule)}${diameter_mm === null ? '' : `، ${quantity(diameter_mm, 'mm')}`}.`,
    };
  },
  nodules: (total, { diameter_mm, kind, side }) => {
    const size = diameter_mm === null ? '' : ` ${quantity(diameter_mm, 'mm')}`;
    const words = [kind === null ? '' : KINDS[kind], side === null ? '' : `في الرئة ${SIDES[side]}`].filter(Boolean).join('، ');
    return `عقيدات رئوية (العدد: ${count(total)})، قطر أكبرها${size === '' ? ' غير محدد' : size}${words === '' ? '' : ` (${words})`}.`;
  },
  emphysema: ({ laa950_percent }) => ({
    finding: `انتفاخ رئوي${laa950_percent === null ? '' : `: ${quantity(laa950_percent, '%')} من الرئة دون ${quantity(-950, 'HU')} (${ltr('LAA-950')})`}.`,
    impression: `انتفاخ رئوي${laa950_percent === null ? '' : ` (${ltr(`LAA-950 ${formatQuantity(laa950_percent, '%')}`)})`}.`,
  }),
  titled: (title, text) => `${isolate(title)}: ${text}`,
  measurement: (title, value, unit) => `${title}: ${quantity(value, unit)}`,
  measurementTitle: {
    'lung-volume-total': 'الحجم الكلي للرئتين',
    'lung-volume-left': 'حجم الرئة اليسرى',
    'lung-volume-right': 'حجم الرئة اليمنى',
    laa950: `نسبة الرئة دون ${quantity(-950, 'HU')} (${ltr('LAA-950')})`,
    'mean-lung-density': 'متوسط كثافة الرئة',
  },
  modality: {
    CT: `تصوير مقطعي محوسب (${ltr('CT')})`,
    MR: `تصوير بالرنين المغناطيسي (${ltr('MR')})`,
    CR: `صورة شعاعية (${ltr('CR')})`,
    DX: `صورة شعاعية رقمية (${ltr('DX')})`,
    MG: 'تصوير الثدي الشعاعي',
    US: 'تصوير بالموجات فوق الصوتية',
    PT: `تصوير مقطعي بالإصدار البوزيتروني (${ltr('PET')})`,
    NM: 'الطب النووي',
    XA: 'تصوير الأوعية بالأشعة السينية',
    RF: 'تنظير تألقي',
    OT: `نوع آخر (${ltr('OT')})`,
    SC: 'التقاط ثانوي',
  },
  bodyPart: {
    CHEST: 'الصدر',
    THORAX: 'الصدر',
    LUNG: 'الرئة',
    HEAD: 'الرأس',
    BRAIN: 'الدماغ',
    NECK: 'العنق',
    ABDOMEN: 'البطن',
    PELVIS: 'الحوض',
    BREAST: 'الثدي',
    HEART: 'القلب',
    SPINE: 'العمود الفقري',
    HAND: 'اليد',
    KNEE: 'الركبة',
    HIP: 'الورك',
  },
  draft,
  result: {
    notEvaluable: (reason) => `غير قابل للتقييم: ${reason}`,
    failed: (reason) => `فشل التحليل: ${reason}`,
    pending: 'لم يكتمل التحليل',
    evaluated: 'تم التقييم',
    noReason: 'لم يذكر السبب',
    score: (title, probability) => `${title} ${percent(probability)}`,
  },
  paper,
};

function noduleInLung({ kind, side }: NoduleEvidence): string {
  const nodule = kind === null ? 'عقيدة' : `عقيدة ${KINDS[kind]}`;
  return side === null ? `${nodule} في الرئة` : `${nodule} في الرئة ${SIDES[side]}`;
}
