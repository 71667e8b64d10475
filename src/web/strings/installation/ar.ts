import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const ar: Worded<typeof en> = {
  settings: {
    lead: 'خيارات هذا النظام كما هي سارية. تُضبط بمتغيرات البيئة أو ملف الخيارات، وتُعتمد بعد إعادة التشغيل.',
    search: 'البحث في الخيارات',
    changed: 'المضبوط فقط',
    name: 'الخيار',
    value: 'القيمة',
    source: 'مصدر الضبط',
    sources: {
      default: 'افتراضي',
      environment: 'البيئة',
      file: 'ملف',
    },
    empty: 'فارغ',
    secretSet: 'مضبوط ولا يُعرض',
    secretUnset: 'غير مضبوط',
    none: 'لا خيار مطابق',
    noneDetail: 'غيّر البحث.',
  },
  licenses: {
    lead: 'مكونات Isocenter وتراخيصها.',
    tabs: {
      packages: 'الحزم',
      models: 'النماذج',
      notice: 'إشعارات',
    },
    search: 'البحث في الحزم',
    name: 'الحزمة',
    version: 'الإصدار',
    license: 'الترخيص',
    where: 'جزء من',
    parts: {
      web: 'تطبيق الويب',
      server: 'الخادم',
      both: 'كلاهما',
    },
    noText: 'لا تتضمن الحزمة نص الترخيص؛ واسمه يدل على النص القياسي.',
    model: 'النموذج',
    attribution: 'الإسناد',
    none: 'لا نتائج مطابقة',
    noneDetail: 'غيّر البحث.',
  },
  about: {
    version: 'الإصدار',
    mode: 'نمط التشغيل',
    embedded: 'عملية واحدة مع SQLite',
    scaled: 'عدة عمليات على PostgreSQL',
    license: 'الترخيص',
    licenseText: 'رخصة أباتشي 2.0، وأوزان النماذج والجداول كما هو مبيّن في التراخيص',
    use: 'الاستخدام المقصود',
    api: 'واجهة البرامج',
    apiDocs: 'مرجع API',
  },
};
