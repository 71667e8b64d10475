import type { Locale } from '../contract/reports.ts';

/** Phrases as regular expressions on lower-case text without diacritics; word borders are added. */
export type CheckLexicon = {
  right: readonly string[];
  left: readonly string[];
  bilateral: readonly string[];
  /** Organs that only a body of that sex has. */
  organs: { M: readonly string[]; F: readonly string[] };
  /** Say that something was compared with an earlier study. */
  compared: readonly string[];
  /** A number with its unit is expected after them. */
  measured: readonly string[];
  /** Units beside the common ones. */
  units: readonly string[];
  /** After these a unit stands without a number: `in mm`. */
  unitAfter: readonly string[];
};

const ENGLISH: CheckLexicon = {
  right: ['right', 'right-sided', 'dextral'],
  left: ['left', 'left-sided', 'sinistral'],
  bilateral: ['bilateral', 'bilaterally', 'both', 'either side', 'right and left', 'left and right'],
  organs: {
    M: [
      'prostat(?:e|ic)',
      'seminal vesicles?',
      'test(?:is|es|icles?|icular)',
      'scrot(?:um|al)',
      'penis',
      'penile',
      'epididymis',
      'spermatic',
    ],
    F: [
      'uter(?:us|ine)',
      'ovar(?:y|ies|ian)',
      'endometri(?:um|al|osis)',
      'myometri(?:um|al)',
      'adnexa(?:l|e)?',
      'vagina(?:l)?',
      'cervix uteri',
      'fallopian',
      'gravid',
      'f(?:o)?et(?:us|al)',
    ],
  },
  compared: [
    'unchanged',
    'interval (?:change|increase|decrease|growth|progression|resolution|development)',
    'compared (?:to|with) (?:the )?(?:prior|previous|earlier)',
    '(?:since|from) (?:the )?(?:prior|previous|last)(?: (?:study|examination|exam|scan))?',
    '(?:increased|decreased) (?:in size )?(?:since|from)',
    'as (?:before|previously)',
    'stable (?:since|compared)',
    'no longer (?:seen|visible)',
    'new since',
  ],
  measured: ['measur(?:es|ing)', 'diameter(?: of)?', 'thickness(?: of)?', 'size(?: of)?', 'length(?: of)?'],
  units: [],
  unitAfter: ['in', 'per', 'of'],
};
const GERMAN: CheckLexicon = {
  right: ['rechts', 'recht(?:e|er|en|es|em)', 'rechtsseitig\\p{L}*'],
  left: ['links', 'link(?:e|er|en|es|em)', 'linksseitig\\p{L}*'],
  bilateral: ['beid(?:e|er|en|es)', 'beidseit(?:s|ig\\p{L}*)', 'bilateral\\p{L}*', 'rechts und links', 'links und rechts'],
  organs: {
    M: ['prostata\\p{L}*', 'samenblasen?', 'hoden\\p{L}*', 'skrot(?:um|al\\p{L}*)', 'penis', 'nebenhoden'],
    F: [
      'uterus\\p{L}*',
      'gebarmutter\\p{L}*',
      'ovar(?:ien|iell\\p{L}*)?',
      'eierst(?:ock|ocke|ocken)',
      'endometri\\p{L}*',
      'myometri\\p{L}*',
      'adnex\\p{L}*',
      'vagina\\p{L}*',
      'fet(?:us|al\\p{L}*)',
    ],
  },
  compared: [
    'unverandert\\p{L}*',
    'im vergleich (?:zur|mit der|zum) vor\\p{L}*',
    '(?:seit|gegenuber) der vor(?:untersuchung|aufnahme)',
    'im verlauf',
    'verglichen mit der vor\\p{L}*',
    'neu aufgetreten\\p{L}*',
    'grossenprogredien\\p{L}*',
    'größenprogredien\\p{L}*',
    'nicht mehr (?:nachweisbar|abgrenzbar)',
    'wie vorbeschrieben',
  ],
  measured: ['misst', 'messend', 'durchmesser(?: von)?', 'dicke(?: von)?', 'gro(?:ss|ß)e(?: von)?', 'lange(?: von)?'],
  units: [],
  unitAfter: ['in', 'pro', 'je'],
};
const FRENCH: CheckLexicon = {
  right: ['droit(?:e|es|s)?'],
  left: ['gauches?'],
  bilateral: ['bilatera(?:l|le|ux|les)', 'les deux', 'des deux cotes', 'droite? et gauche', 'gauche et droite?'],
  organs: {
    M: ['prostat(?:e|ique)', 'vesicules? seminales?', 'testicul(?:e|es|aire|aires)', 'scrotum', 'scrotal(?:e)?', 'penis', 'epididyme'],
    F: [
      'uterus',
      'uterin(?:e|es|s)?',
      'ovair(?:e|es)',
      'ovarien(?:ne|nes|s)?',
      'endometr(?:e|ial|iale|iose)',
      'myometre',
      'annexiel(?:le|les|s)?',
      'vagin(?:al|ale)?',
      'f(?:oe|œ)tus',
      'f(?:oe|œ)tal(?:e)?',
    ],
  },
  compared: [
    'inchange(?:e|es|s)?',
    "par rapport (?:a|au) (?:l['’])?examen (?:precedent|anterieur)",
    "comparative?ment (?:a|au) (?:l['’])?examen (?:precedent|anterieur)",
    "depuis (?:le|l['’]) ?examen (?:precedent|anterieur)",
    "depuis (?:l['’])?examen (?:precedent|anterieur)",
    'en (?:progression|regression)',
    'nouvellement apparu(?:e|es|s)?',
    'stables? (?:par rapport|depuis)',
  ],
  measured: ['mesur(?:e|ant|ent)', 'diametre(?: de)?', 'epaisseur(?: de)?', 'taille(?: de)?', 'longueur(?: de)?'],
  units: [],
  unitAfter: ['en', 'par'],
};
const SPANISH: CheckLexicon = {
  right: ['derech(?:a|o|as|os)'],
  left: ['izquierd(?:a|o|as|os)'],
  bilateral: ['bilateral(?:es|mente)?', 'amb(?:os|as)', 'derecho e izquierdo', 'izquierdo y derecho'],
  organs: {
    M: ['prostat(?:a|ica|ico)', 'vesiculas? seminal(?:es)?', 'testicul(?:o|os|ar|ares)', 'escrot(?:o|al)', 'pene', 'epididimo'],
    F: [
      'utero',
      'uterin(?:a|o|as|os)',
      'ovari(?:o|os|ca|co|cas|cos)',
      'endometri(?:o|al|osis)',
      'miometrio',
      'anexial(?:es)?',
      'vagina(?:l)?',
      'fet(?:o|al)',
    ],
  },
  compared: [
    'sin cambios (?:respecto|con respecto|desde)',
    'respecto (?:al|del) (?:estudio|examen) (?:previo|anterior)',
    'en comparacion con (?:el )?(?:estudio|examen) (?:previo|anterior)',
    'comparad(?:o|a) con (?:el )?(?:estudio|examen)? ?(?:previo|anterior)',
    'desde (?:el )?(?:estudio|examen) (?:previo|anterior)',
    'de nueva aparicion',
    'ya no se (?:observa|identifica)',
    'estable (?:respecto|desde)',
  ],
  measured: ['mide', 'miden', 'diametro(?: de)?', 'espesor(?: de)?', 'grosor(?: de)?', 'tamano(?: de)?', 'longitud(?: de)?'],
  units: [],
  unitAfter: ['en', 'por'],
};
const AR = '(?:[وفبلك]{0,2}(?:ال|لل)?)';
const arabic = (...words: string[]): string[] => words.map((word) => `${AR}${word}`);
const ARABIC: CheckLexicon = {
  right: arabic('ايمن', 'يمنى', 'يمين', 'يميني', 'يمينيه'),
  left: arabic('ايسر', 'يسرى', 'يسار', 'يساري', 'يساريه'),
  bilateral: arabic('ثنائي الجانب', 'ثنائيه الجانب', 'الجانبين', 'كلا', 'كلتا'),
  organs: {
    M: arabic('بروستات', 'بروستاتا', 'موثه', 'حويصلات? المنويه', 'خصيه', 'خصيتان', 'خصيتين', 'صفن', 'قضيب', 'بربخ'),
    F: arabic('رحم', 'مبيض', 'مبيضان', 'مبيضين', 'بطانه الرحم', 'ملحقات الرحم', 'مهبل', 'جنين'),
  },
  compared: [
    'دون تغير(?: عن)?',
    'بدون تغيير',
    'مقارنه (?:ب|مع )\\p{L}* ?السابق\\p{L}*',
    'بالمقارنه (?:ب|مع )\\p{L}* ?السابق\\p{L}*',
    'منذ الفحص السابق',
    'لم تعد مرئيه',
    'حديث(?:ه)? الظهور',
  ],
  measured: arabic('يقيس', 'تقيس', 'قطر(?:ه|ها)?', 'سماكه', 'حجم(?:ه|ها)?', 'طول(?:ه|ها)?'),
  units: ['مم', 'سم', 'ملم', 'مل'],
  unitAfter: ['بال', 'لكل'],
};

const LEXICONS: Record<Locale, CheckLexicon> = { en: ENGLISH, de: GERMAN, fr: FRENCH, es: SPANISH, ar: ARABIC };

export function checkLexiconOf(locale: Locale): CheckLexicon {
  return LEXICONS[locale];
}
