import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

const studies = (count: number): string => {
  switch (new Intl.PluralRules('ar').select(count)) {
    case 'zero':
      return 'لا دراسات';
    case 'one':
      return 'دراسة واحدة';
    case 'two':
      return 'دراستان';
    case 'few':
      return `${count} دراسات`;
    default:
      return `${count} دراسة`;
  }
};
const newStudies = (count: number): string => {
  switch (new Intl.PluralRules('ar').select(count)) {
    case 'zero':
      return 'لا دراسات جديدة';
    case 'one':
      return 'دراسة جديدة واحدة';
    case 'two':
      return 'دراستان جديدتان';
    case 'few':
      return `${count} دراسات جديدة`;
    default:
      return `${count} دراسة جديدة`;
  }
};

export const ar: Worded<typeof en> = {
  title: 'قائمة العمل',
  levels: { critical: 'حرج', urgent: 'عاجل', routine: 'اعتيادي', low: 'منخفض' },
  statuses: { unread: 'غير مقروءة', reading: 'قيد القراءة', drafted: 'مسودة', signed: 'موقّعة' },
  views: {
    label: 'طرق العرض',
    open: 'للقراءة',
    mine: 'دراساتي',
    nobody: 'غير مُسندة',
    critical: 'حرجة',
    overdue: 'متأخرة',
    drafted: 'للتوقيع',
    all: 'الكل',
    more: (count) => `${count}+`,
    save: 'حفظ كطريقة عرض',
    name: 'اسم طريقة العرض',
    saved: (name) => `حُفظت طريقة العرض «${name}»`,
    share: 'مشاركة مع الجميع هنا',
    unshare: 'إيقاف المشاركة',
    sharedBy: (name) => `شاركها ${name}`,
    shared: (name) => `العرض «${name}» مشارَك مع الجميع هنا`,
    unshared: (name) => `العرض «${name}» لك وحدك من جديد`,
    notShared: 'تعذّرت مشاركة العرض. أعد تحميل الصفحة وحاول مرة أخرى.',
    remove: 'إزالة طريقة العرض هذه',
    removed: (name) => `أُزيلت طريقة العرض «${name}»`,
  },
  columns: {
    lead: 'يحرّك Alt مع سهم عمودًا.',
    title: 'الأعمدة',
    select: 'تحديد',
    priority: 'الأولوية',
    patient: 'المريض',
    study: 'الدراسة',
    modality: 'نوع التصوير',
    body_part: 'جزء الجسم',
    date: 'التاريخ',
    waiting: 'الانتظار',
    ai: 'الذكاء الاصطناعي',
    findings: 'للبتّ فيها',
    status: 'الحالة',
    reader: 'القارئ',
    labels: 'الوسوم',
    diagnosis: 'التشخيص',
    accession: 'رقم الطلب',
    images: 'الصور',
    arrived: 'الوصول',
    earlier: (column) => `نقل «${column}» نحو البداية`,
    later: (column) => `نقل «${column}» نحو النهاية`,
    reset: 'إعادة الضبط',
  },
  filters: {
    title: 'عوامل التصفية',
    any: 'أي قيمة',
    status: 'الحالة',
    open: 'غير موقّعة',
    all: 'الكل',
    level: 'الأولوية',
    assignee: 'القارئ',
    me: 'أنا',
    nobody: 'لا أحد',
    modality: 'نوع التصوير',
    bodyPart: 'جزء الجسم',
    from: 'تاريخ الدراسة من',
    to: 'تاريخ الدراسة إلى',
    ai: 'الذكاء الاصطناعي',
    label: 'الوسم',
    order: 'الترتيب',
    clear: 'مسح عوامل التصفية',
  },
  orders: { priority: 'الأولوية ثم مدة الانتظار', arrival: 'الأحدث وصولًا', study_date: 'الأحدث تاريخًا' },
  reasons: {
    show: (level) => `${level}: الأسباب`,
    title: 'أسباب الأولوية',
    none: 'لا شيء يرفع الأولوية أو يخفضها: تُقرأ الدراسة في دورها.',
    order: {
      STAT: 'طُلبت حالةً إسعافية (STAT)',
      HIGH: 'طُلبت بأولوية عالية',
      ROUTINE: 'طُلبت طلبًا اعتياديًا',
      MEDIUM: 'طُلبت بأولوية متوسطة',
      LOW: 'طُلبت بأولوية منخفضة',
    },
    diagnosis: { emergency: 'التشخيص معلَّم حالةً طارئة', urgent: 'التشخيص معلَّم عاجلًا', routine: 'التشخيص معلَّم اعتياديًا' },
    person: (name, level) => `حدّدها ${name} بأنها «${level}»`,
    score: (percent) => `درجة معايَرة ${percent}`,
    noScore: 'دون درجة',
    confirmed: 'أكّدها قارئ',
    notConfirmed: 'لم يؤكدها أحد',
    notEvaluable: 'تعذّر تقييمها بالذكاء الاصطناعي، ولا يعني ذلك سلامة الحالة.',
    followUp: (day) => `كانت متابعة موصى بها لهذا المريض مستحقة حتى ${day}`,
    overdue: (target) => `تنتظر أطول من الهدف البالغ ${target}`,
  },
  next: {
    go: 'الدراسة التالية (Alt+J)',
    none: 'لا توجد دراسة أخرى تنتظر في هذه القائمة',
    failed: 'تعذّر العثور على الدراسة التالية. حاول مرة أخرى.',
  },
  dueIn: (time) => `تُستحق خلال ${time}`,
  overdueBy: (time) => `متأخرة ${time}`,
  turnaround: (time) => `وُقّعت بعد ${time}`,
  times: { arrived: 'الوصول', opened: 'أول فتح', drafted: 'المسودة', signed: 'التوقيع' },
  readBy: (name) => `يقرؤها الآن ${name}`,
  readByYou: 'تقرؤها أنت الآن',
  assignedTo: (name) => `مُسندة إلى ${name}`,
  newStudies,
  outdated: 'قد لا تكون القائمة محدّثة',
  showThem: 'عرض',
  selected: (count) => `المحدد: ${count}`,
  selectAll: 'تحديد كل ما جرى تحميله',
  selectRow: (name) => `تحديد ${name}`,
  unselect: 'إلغاء التحديد',
  assign: 'إسناد',
  assignToMe: 'إسناد إليّ',
  assignToNobody: 'إلغاء الإسناد',
  setPriority: 'الأولوية',
  byRules: 'حسب القواعد',
  addLabel: 'إضافة وسم',
  remove: 'حذف',
  label: 'الوسم',
  labelHint: 'أحرف لاتينية صغيرة وأرقام ومسافات ونقاط وشرطات',
  done: {
    assigned: (count, name) => `${studies(count)}: أُسندت إلى ${name}`,
    unassigned: (count) => `${studies(count)}: أُلغي الإسناد`,
    prioritized: (count, level) => `${studies(count)}: الأولوية «${level}»`,
    byRules: (count) => `${studies(count)}: حسب القواعد من جديد`,
    labeled: (count, label) => `${studies(count)}: أُضيف الوسم «${label}»`,
    removed: (count) => `${studies(count)} في سلة المحذوفات`,
    failed: (count) => `${studies(count)}: تعذّر التغيير`,
  },
  working: (done, total) => `${done} من ${total}`,
  emptyView: 'لا شيء هنا',
  emptyViewDetail: 'لا توجد دراسة في طريقة العرض هذه حاليًا.',
  end: 'نهاية القائمة',
  loadingMore: 'جارٍ تحميل المزيد',
  keys: 'j وk للتنقل، Enter للفتح، a للإسناد إليّ، p للأسباب، x للتحديد، / للبحث، ? لكل المفاتيح',
  help: {
    title: 'مفاتيح قائمة العمل',
    down: 'الدراسة التالية',
    up: 'الدراسة السابقة',
    page: 'عشر دراسات إلى الأمام أو الخلف',
    ends: 'أول الدراسات المحمّلة وآخرها',
    open: 'فتح',
    search: 'بحث',
    found: 'من البحث إلى نتائجه',
    assign: 'إسناد إليّ، أو إلغاء الإسناد إن كانت لي',
    reasons: 'أسباب الأولوية',
    select: 'تحديد',
    refresh: 'عرض الجديد',
    escape: 'إلغاء التحديد',
    undo: 'التراجع عن آخر إجراء',
    next: 'داخل دراسة: التالية في هذه القائمة',
    list: 'داخل دراسة: العودة إلى هذه القائمة',
    help: 'هذه القائمة',
  },
  targets: {
    lead: 'المدة من وصول الدراسة إلى التقرير الموقَّع. تتبعها مؤقتات قائمة العمل، وما ينتظر أطول يرتقي.',
    all: 'كل طرائق التصوير',
    saved: 'تغيّرت المهل',
    unsaved: 'لم تُحفظ بعد',
    modality: 'طريقة التصوير',
    add: 'إعطاؤها مهلًا خاصة',
    remove: (modality) => `إزالة مهل ${modality}`,
    unitOf: (level) => `وحدة ${level}`,
    units: { days: 'أيام', hours: 'ساعات', minutes: 'دقائق' },
  },
  lock: {
    title: (name, since) => `يقرأ ${name} هذه الدراسة منذ ${since}.`,
    lead: 'يمكنك قراءتها أيضًا. تولَّها إن كنت ستكتب التقرير.',
    takeOver: 'تولّيها',
  },
};
