import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const ar: Worded<typeof en> = {
  title: 'النتائج الحرجة',
  lead: 'ما يجب أن يعرفه المعالجون فورًا. الأقرب استحقاقًا في الأعلى.',
  state: 'الحالة',
  due: 'الاستحقاق',
  result: 'النتيجة',
  study: 'الدراسة',
  markedBy: 'وسمها',
  views: {
    waiting: 'قيد الانتظار',
    overdue: 'متأخرة',
    open: 'يجب إبلاغها',
    told: 'أُبلغت ولم تُؤكَّد',
    acknowledged: 'مؤكَّدة',
    withdrawn: 'مسحوبة',
  },
  none: {
    waiting: 'لا شيء قيد الانتظار',
    overdue: 'لا شيء متأخر',
    open: 'لا أحد يجب إبلاغه',
    told: 'لا تأكيد منتظر',
    acknowledged: 'لا شيء مؤكَّد بعد',
    withdrawn: 'لم يُسحب شيء',
  },
  noneDetail: 'توسم النتيجة بأنها حرجة في تقرير دراستها.',
  late: (count) => `متأخرة: ${count}`,
};
