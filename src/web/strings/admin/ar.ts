import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const ar: Worded<typeof en> = {
  title: 'الإدارة',
  places: {
    people: 'الأشخاص',
    users: 'المستخدمون',
    emergency: 'الوصول الطارئ',
    tenants: 'المؤسسات',
    keys: 'مفاتيح API',
    shares: 'روابط المشاركة',
    providers: 'مزوّدو تسجيل الدخول',
    policies: 'السياسات',
    targets: 'مهل كتابة التقارير',
    records: 'السجلات',
    audit: 'سجل التدقيق',
    privacy: 'الخصوصية',
    recycle: 'سلة المحذوفات',
    installation: 'النظام',
    encryption: 'التشفير',
    settings: 'الإعدادات',
    licenses: 'التراخيص',
    about: 'حول النظام',
  },
};
