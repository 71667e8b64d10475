import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const ar: Worded<typeof en> = {
  title: 'المكوّنات',
  lead: 'كل لبنات الشاشات، في كل مظهر وفي اتجاهي القراءة. لمن يبنيها ويفحصها.',
  open: 'فتح',
  saved: 'تم حفظ العرض',
  removed: 'تمت إزالة القاعدة',
  danger: 'يُحذف كل ما يحمل هذا الاسم لدى الجميع، ولا شيء يعيده.',
  refused: 'رُفض الطلب',
  refusedDetail: 'الاسم مستخدم. اختر اسمًا آخر.',
};
