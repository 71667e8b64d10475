import { HEART, type Lexicon, LUNGS } from './label-lexicon.ts';

/** Nouns may carry a conjunction, preposition or article in front, written together with them. */
const AR = '(?:[وفبلك]{0,2}(?:ال|لل)?)';
const arabic = (...words: string[]): string[] => words.map((word) => `${AR}${word}`);

export const ARABIC_LEXICON: Lexicon = {
  mentions: {
    'enlarged-cardiomediastinum': arabic('توسع المنصف', 'اتساع المنصف'),
    cardiomegaly: arabic('ضخامه (?:في )?القلب', 'تضخم (?:في )?القلب', 'ضخامه قلبيه'),
    'lung-opacity': arabic('عتامات', 'عتامه', 'كثافات', 'كثافه', 'ارتشاحات', 'ارتشاح', 'زجاج مغشي'),
    'lung-nodule': arabic('عقيده', 'عقيدات', 'عقد رئويه', 'كتله', 'كتل'),
    edema: arabic('وذمه', 'احتقان'),
    consolidation: arabic('تصلب', 'تكثف', 'تصلد'),
    pneumonia: arabic('التهاب(?:ا)? رئوي(?:ا)?', 'التهاب الرئه', 'التهاب رئوي', 'التهاب الرئوي', 'ذات الرئه'),
    atelectasis: arabic('انخماص', 'انخماصات'),
    pneumothorax: arabic('استرواح الصدر', 'استرواح صدري', 'ريح صدريه'),
    'pleural-effusion': arabic('انصباب(?:ا)?(?: جنبي| جنبيا)?', 'انصبابات', 'سائل جنبي'),
    'pleural-thickening': arabic('تسمك (?:في )?الجنبه', 'تسمك جنبي'),
    fracture: arabic('كسر', 'كسور'),
    'support-device': arabic('انبوب', 'قثطره', 'ناظمه'),
    emphysema: arabic('انتفاخ(?:ا)? رئوي(?:ا)?', 'انتفاخ الرئه', 'نفاخ'),
  },
  normal: [
    { phrase: 'الرئتان (?:سليمتان|طبيعيتان|صافيتان)', absent: LUNGS },
    { phrase: '(?:حجم القلب|القلب) (?:ضمن الحدود الطبيعيه|طبيعي)', absent: HEART },
  ],
  neutral: ['لا تغير', 'دون تغير', 'بدون تغيير'],
  uncertain: [
    'لا يمكن (?:نفي|استبعاد)',
    'يحتمل',
    'محتمل(?:ه)?',
    'احتمال',
    'اشتباه',
    'يشتبه',
    'قد (?:يكون|تكون|يمثل|تمثل)',
    'مشتبه(?:ه)?',
    'مشكوك',
  ],
  historical: ['سوابق', 'تاريخ مرضي', 'معروف(?:ه)?', 'لنفي', 'استفسار عن'],
  negatesAfter: ['و?لا', 'و?لا يوجد', 'و?لا توجد', 'و?لا يلاحظ', 'لم', 'و?بدون', 'و?دون', 'عدم وجود', 'غياب', 'و?ليس', 'خلو'],
  negatesBefore: ['غير (?:موجود(?:ه)?|مشاهد(?:ه)?|ظاهر(?:ه)?)', 'زال(?:ت)?', 'اختف(?:ى|ت)', 'تم استبعاد(?:ه|ها)'],
  clauseEnds: ['لكن', 'ولكن', 'غير ان', 'باستثناء', 'ما عدا', 'يوجد', 'توجد'],
};
