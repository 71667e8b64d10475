import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const ar: Worded<typeof en> = {
  title: 'اسم الموجودة',
  values: 'القيم',
  valuesHint: 'كما قستها أو رأيتها. ويبقى ما قاله النموذج محفوظاً إلى جانبها.',
  textHint: 'يوضع في التقرير بدل كلمات النموذج. وإن تُرك فارغاً صيغ التقرير من الاسم والقيم.',
  modelSaid: (value: string) => `قال النموذج: ${value}`,
  history: 'القرارات',
  noHistory: 'لا قرار بعد',
  byAt: (name: string, at: string) => `${name}، ${at}`,
  decisions: { accept: 'قُبلت', edit: 'عُدّلت', reject: 'رُفضت' },
  between: (min: string, max: string) => `${min} إلى ${max}`,
  fields: {
    diameter_mm: 'القطر',
    volume_mm3: 'الحجم',
    mean_hu: 'الكثافة الوسطى',
    laa950_percent: 'نسبة الرئة دون \u2212950 وحدة هاونسفيلد',
    side: 'الجهة',
    kind: 'النوع',
    subtype: 'السبب المرجح',
  },
  words: {
    left: 'الأيسر',
    right: 'الأيمن',
    solid: 'مصمتة',
    subsolid: 'دون المصمتة',
    bacterial_pneumonia: 'جرثومي',
    viral_pneumonia: 'فيروسي',
  },
};
