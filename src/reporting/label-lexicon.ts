/** What a report's text can say about a chest study: the observations of CheXpert (Irvin 2019, arXiv 1901.07031) and emphysema. */
export const OBSERVATIONS = [
  'enlarged-cardiomediastinum',
  'cardiomegaly',
  'lung-opacity',
  'lung-nodule',
  'edema',
  'consolidation',
  'pneumonia',
  'atelectasis',
  'pneumothorax',
  'pleural-effusion',
  'pleural-thickening',
  'fracture',
  'support-device',
  'emphysema',
] as const;
export type Observation = (typeof OBSERVATIONS)[number];

/** Phrases as regular expressions on lower-case text without diacritics; word borders are added by the labeler. */
export type Lexicon = {
  mentions: Readonly<Partial<Record<Observation, readonly string[]>>>;
  /** Sentences that say that observations are absent without naming them. */
  normal: readonly { phrase: string; absent: readonly Observation[] }[];
  /** Look like a negation and are none; read first. */
  neutral: readonly string[];
  /** Read before the negations, of which some contain a part. Hold for what follows and what stands before. */
  uncertain: readonly string[];
  /** Of an earlier time or of another person: what follows is not said of this study. */
  historical: readonly string[];
  /** Deny what follows, as far as the clause goes. */
  negatesAfter: readonly string[];
  /** Deny what stands before, as far as the clause goes. */
  negatesBefore: readonly string[];
  /** End the reach of a denial or a doubt. */
  clauseEnds: readonly string[];
};

const LUNGS: readonly Observation[] = ['lung-opacity', 'consolidation', 'pneumonia', 'edema', 'atelectasis', 'lung-nodule'];
const HEART: readonly Observation[] = ['cardiomegaly'];
const MEDIASTINUM: readonly Observation[] = ['enlarged-cardiomediastinum'];
const PLEURA: readonly Observation[] = ['pleural-effusion', 'pneumothorax', 'pleural-thickening'];

export const ENGLISH_LEXICON: Lexicon = {
  mentions: {
    'enlarged-cardiomediastinum': [
      '(?:mediastinal|cardiomediastinal) (?:widening|enlargement)',
      '(?:widened|enlarged) (?:cardio)?mediastin(?:um|al silhouette)',
    ],
    cardiomegaly: [
      'cardiomegaly',
      'cardiac enlargement',
      'enlarged (?:heart|cardiac silhouette)',
      '(?:heart|cardiac silhouette)(?: size)? is (?:mildly |moderately |markedly )?enlarged',
    ],
    'lung-opacity': ['opacit(?:y|ies)', 'opacification', 'infiltrates?', 'airspace disease', 'ground[- ]glass'],
    'lung-nodule': [
      'nodules?',
      'nodular (?:density|densities|opacit(?:y|ies)|lesions?)',
      'pulmonary (?:mass|masses|lesions?)',
      'lung (?:mass|masses|lesions?)',
      'mass(?:es)?',
    ],
    edema: ['(?:pulmonary |interstitial |alveolar )?o?edema', 'vascular congestion', 'pulmonary congestion', 'kerley b lines?'],
    consolidation: ['consolidations?', 'consolidative'],
    pneumonia: ['(?:broncho)?pneumonias?', 'pneumonic', 'infectious process'],
    atelectasis: ['atelecta(?:sis|ses|tic)', '(?:lobar|lung|segmental) collapse', 'volume loss'],
    pneumothorax: ['(?:hydro)?pneumothora(?:x|ces)'],
    'pleural-effusion': ['(?:pleural |parapneumonic )?effusions?', 'pleural fluid', 'hydropneumothorax', 'ha?emothorax'],
    'pleural-thickening': ['pleural (?:thickening|plaques?|scarring)'],
    fracture: ['fractures?', 'fractured'],
    'support-device': [
      '(?:endotracheal|nasogastric|enteric|feeding|chest|tracheostomy) tubes?',
      'pacemaker',
      'icd leads?',
      '(?:central venous|picc) (?:line|catheter)s?',
      'picc',
      'port[- ]a[- ]cath',
      'sternotomy wires',
    ],
    emphysema: ['(?:centrilobular |paraseptal |panlobular |bullous )?emphysema', 'emphysematous'],
  },
  normal: [
    { phrase: 'lungs? (?:are|is|remain|remains|appear|appears) (?:well[- ]expanded and )?(?:clear|normal|unremarkable)', absent: LUNGS },
    { phrase: 'clear lungs', absent: LUNGS },
    {
      phrase: '(?:heart|cardiac silhouette)(?: size)? (?:is|remains|appears) (?:within normal limits|normal|not enlarged|unremarkable)',
      absent: HEART,
    },
    { phrase: 'normal (?:heart size|cardiac silhouette)', absent: HEART },
    { phrase: 'normal cardiomediastinal silhouette', absent: [...HEART, ...MEDIASTINUM] },
    {
      phrase: 'cardiomediastinal silhouette (?:is|remains|appears) (?:within normal limits|normal|unremarkable)',
      absent: [...HEART, ...MEDIASTINUM],
    },
    { phrase: 'pleural spaces? (?:are|is) (?:clear|normal)', absent: PLEURA },
  ],
  neutral: [
    'no (?:significant |interval |appreciable )*(?:change|increase|decrease|progression)',
    'not only',
    'no longer than',
    'no other',
    'no new',
  ],
  uncertain: [
    "(?:can ?not|could not|can't) (?:be )?(?:entirely |completely |definitely )?(?:excluded?|ruled out)",
    'not (?:entirely |completely )?(?:excluded|ruled out)',
    '(?:difficult|hard) to exclude',
    'possib(?:le|ly|ility of)',
    'probabl[ey]',
    'likely',
    'may (?:represent|reflect|be|indicate)',
    'might (?:represent|reflect|be)',
    'could (?:represent|reflect|be)',
    'suspicio(?:us for|n of|n for)',
    'suspected',
    'concerning for',
    'concern for',
    'questionable',
    'question of',
    'suggest(?:s|ing|ive of)?',
    'equivocal',
    'versus',
    'vs',
    'differential (?:diagnosis )?includes?',
  ],
  historical: [
    '(?:past |known |prior )?(?:medical )?history of',
    'status post',
    'previous(?:ly)?',
    'indication',
    'rule out',
    'evaluate for',
    'evaluation for',
    'concern on prior',
  ],
  negatesAfter: [
    'no',
    'not',
    'without',
    'free of',
    'negative for',
    'absence of',
    'absent',
    'denies',
    'rather than',
    'resol(?:ved|ution of)',
    'clearing of',
    'neither',
    'nor',
    'no longer',
    'ruled out',
  ],
  negatesBefore: [
    '(?:has|have|is|are|now) (?:completely |since |nearly )?(?:resolved|cleared)',
    '(?:is|are|was|were) (?:not|no longer) (?:seen|identified|present|evident|visible|demonstrated)',
    '(?:is|are) absent',
    '(?:is|are|was|were) (?:excluded|ruled out)',
    'not (?:seen|identified|evident)',
  ],
  clauseEnds: [
    'but',
    'however',
    'although',
    'though',
    'except(?: for)?',
    'whereas',
    'yet',
    'aside from',
    'apart from',
    'other than',
    'there (?:is|are)(?! no)',
  ],
};

export const GERMAN_LEXICON: Lexicon = {
  mentions: {
    'enlarged-cardiomediastinum': ['mediastinalverbreiterung', '(?:verbreitertes mediastinum|mediastinum(?: ist)? verbreitert)'],
    cardiomegaly: [
      'kardiomegalie',
      'herzvergro(?:ss|ß)erung',
      'herz(?:schatten)?(?: ist)? vergro(?:ss|ß)ert',
      'vergro(?:ss|ß)erte[rs]? herz(?:schatten)?',
    ],
    'lung-opacity': [
      'verschattung(?:en)?',
      'infiltrat(?:e|en|ion|ionen)?',
      'eintrubung(?:en)?',
      'transparenzminderung(?:en)?',
      'milchglas\\p{L}*',
    ],
    'lung-nodule': ['(?:lungen)?rundherde?n?', 'nodul(?:us|i)', 'knoten', 'raumforderung(?:en)?'],
    edema: ['(?:lungen)?odem', 'pulmonalvenose stauung', 'lungenstauung', 'stauungszeichen'],
    consolidation: ['konsolidierung(?:en)?', 'konsolidation(?:en)?'],
    pneumonia: ['(?:broncho)?pneumonien?', 'lungenentzundung', 'pneumonische[sn]?'],
    atelectasis: ['(?:platten)?atelektasen?', '\\p{L}*atelektatisch\\p{L}*'],
    pneumothorax: ['(?:sero|spannungs)?pneumothora(?:x|ces)'],
    'pleural-effusion': ['(?:pleura)?erg(?:u)(?:ss|ß)e?', 'hamatothorax'],
    'pleural-thickening': ['pleuraverdickung(?:en)?', 'pleuraschwielen?', 'pleuraplaques?'],
    fracture: ['(?:rippen)?frakturen?'],
    'support-device': [
      'tubus',
      'magensonde',
      'thoraxdrainagen?',
      'herzschrittmacher',
      'schrittmacher',
      'zvk',
      'zentraler venenkatheter',
      'portkatheter',
    ],
    emphysema: ['(?:lungen)?emphysem', 'emphysematos\\p{L}*'],
  },
  normal: [
    { phrase: 'lungen? (?:ist|sind )?(?:frei|unauffallig|regelrecht)', absent: LUNGS },
    { phrase: 'herz(?:gro(?:ss|ß)e|schatten)?(?: ist)? (?:normal|normgro(?:ss|ß)|nicht vergro(?:ss|ß)ert|unauffallig)', absent: HEART },
  ],
  neutral: ['keine (?:wesentliche )?anderung', 'nicht nur', 'keine neuen?', 'keine zunahme'],
  uncertain: [
    'nicht (?:sicher )?(?:auszuschlie(?:ss|ß)en|ausgeschlossen)',
    'moglich(?:e|er|es|erweise)?',
    'wahrscheinlich\\p{L}*',
    'verdacht auf',
    'v\\. ?a\\.',
    'verdachtig\\p{L}*',
    'fraglich\\p{L}*',
    'vereinbar mit',
    'am ehesten',
    'dd',
    'differenzialdiagnostisch',
    'konnte',
  ],
  historical: ['bekannte[rsn]?', 'zustand nach', 'z\\. ?n\\.', 'anamnestisch', 'ausschluss', 'fragestellung', 'vorbeschrieben\\p{L}*'],
  negatesAfter: ['kein(?:e|en|er|es|em)?', 'ohne', 'nicht', 'weder', 'noch', 'frei von', 'ruckgebildet\\p{L}*'],
  negatesBefore: [
    '(?:ist|sind) (?:nicht|nicht mehr) (?:nachweisbar|erkennbar|abgrenzbar|sichtbar)',
    'nicht (?:mehr )?(?:nachweisbar|erkennbar|abgrenzbar)',
    '(?:vollstandig )?ruckgebildet',
    'ausgeschlossen',
    'nicht vorhanden',
  ],
  clauseEnds: ['aber', 'jedoch', 'allerdings', 'au(?:ss|ß)er', 'hingegen', 'es (?:zeigt|findet|besteht) sich'],
};

export const FRENCH_LEXICON: Lexicon = {
  mentions: {
    'enlarged-cardiomediastinum': ['elargissement (?:du )?mediastin(?:al)?', 'mediastin elargi'],
    cardiomegaly: ['cardiomegalie', 'augmentation de (?:la )?taille (?:du coeur|cardiaque)', 'silhouette cardiaque elargie'],
    'lung-opacity': ['opacites?', 'infiltrats?', 'verre depoli'],
    'lung-nodule': ['nodules?', 'masses?'],
    edema: ['oedeme(?: pulmonaire)?', 'surcharge vasculaire'],
    consolidation: ['condensations?', 'consolidations?'],
    pneumonia: ['(?:broncho)?pneumonies?', 'pneumopathies?', 'foyer infectieux'],
    atelectasis: ['atelectasies?', 'collapsus'],
    pneumothorax: ['(?:hydro)?pneumothorax'],
    'pleural-effusion': ['epanchements?(?: pleura(?:l|ux))?', 'hemothorax'],
    'pleural-thickening': ['epaississements? pleura(?:l|ux)', 'plaques pleurales'],
    fracture: ['fractures?'],
    'support-device': [
      'sonde (?:d.intubation|nasogastrique|gastrique)',
      'drain thoracique',
      'pacemaker',
      'stimulateur cardiaque',
      'catheter (?:veineux )?central',
      'chambre implantable',
    ],
    emphysema: ['emphyseme', 'emphysemateu(?:x|se)s?'],
  },
  normal: [
    { phrase: 'poumons? (?:est|sont )?(?:clairs?|normau?x?|libres?)', absent: LUNGS },
    { phrase: '(?:coeur|silhouette cardiaque) (?:est )?(?:de taille )?normale?', absent: HEART },
  ],
  neutral: ['pas de (?:modification|changement)', 'pas de nouve(?:au|lle)', 'pas seulement', 'sans changement'],
  uncertain: [
    'ne peut (?:pas )?etre (?:exclue?|eliminee?)',
    'possible(?:s|ment)?',
    'probable(?:s|ment)?',
    'suspicion de?',
    'suspecte?s?',
    'pouvant (?:correspondre|evoquer)',
    'evocat(?:eur|rice)s?',
    'compatibles? avec',
    'a discuter',
    'douteu(?:x|se)s?',
    'versus',
  ],
  historical: ['antecedents? de?', 'connue?s?', 'recherche de?', 'indication'],
  negatesAfter: ['pas de?', 'pas d.', 'sans', 'absence de?', 'absence d.', 'aucune?', 'ni', 'indemnes? de?'],
  negatesBefore: [
    '(?:a|ont) disparu',
    'non (?:visible|retrouvee?|identifiee?)s?',
    'n.est (?:pas|plus) (?:visible|retrouvee?)',
    'resorbee?s?',
    'exclue?s?',
  ],
  clauseEnds: ['mais', 'cependant', 'toutefois', 'hormis', 'sauf', 'en revanche', 'il existe'],
};

export const SPANISH_LEXICON: Lexicon = {
  mentions: {
    'enlarged-cardiomediastinum': ['ensanchamiento (?:del )?mediast(?:ino|inico|inal)', 'mediastino ensanchado'],
    cardiomegaly: ['cardiomegalia', 'silueta cardiaca aumentada', 'aumento (?:del tamano|de la silueta) cardiac[ao]'],
    'lung-opacity': ['opacidad(?:es)?', 'infiltrados?', 'vidrio (?:deslustrado|esmerilado)'],
    'lung-nodule': ['nodulos?', 'masas?', 'lesion(?:es)? pulmonar(?:es)?'],
    edema: ['edema(?: pulmonar| agudo de pulmon)?', 'congestion (?:vascular|pulmonar)'],
    consolidation: ['consolidacion(?:es)?', 'condensacion(?:es)?'],
    pneumonia: ['(?:bronco)?neumonias?', 'proceso neumonico'],
    atelectasis: ['atelectasias?', 'colapso'],
    pneumothorax: ['(?:hidro)?neumotorax'],
    'pleural-effusion': ['derrames?(?: pleural(?:es)?)?', 'hemotorax'],
    'pleural-thickening': ['engrosamientos? pleural(?:es)?', 'placas pleurales'],
    fracture: ['fracturas?'],
    'support-device': [
      'tubo (?:endotraqueal|orotraqueal|de torax)',
      'sonda nasogastrica',
      'marcapasos',
      'cateter (?:venoso )?central',
      'reservorio',
    ],
    emphysema: ['enfisema', 'enfisematos[ao]s?'],
  },
  normal: [
    { phrase: 'pulmon(?:es)? (?:esta |estan )?(?:limpios?|normal(?:es)?|libres?|claros?)', absent: LUNGS },
    { phrase: '(?:corazon|silueta cardiaca) (?:es |esta )?(?:de tamano )?normal', absent: HEART },
  ],
  neutral: ['sin (?:cambios?|modificacion(?:es)?)', 'no solo', 'sin nuev[ao]s?', 'no (?:se observan )?cambios'],
  uncertain: [
    'no (?:se )?puede(?:n)? (?:descartar(?:se)?|excluir(?:se)?)',
    'sin poder descartar',
    'posibles?(?:mente)?',
    'probables?(?:mente)?',
    'sospech(?:a de|os[ao]s? de)',
    'sugestiv[ao]s? de',
    'sugiere',
    'compatibles? con',
    'podria(?:n)? (?:corresponder|representar)',
    'dudos[ao]s?',
    'versus',
  ],
  historical: ['antecedentes? de', 'conocid[ao]s?', 'descartar', 'indicacion'],
  negatesAfter: ['no', 'sin', 'ausencia de', 'ni', 'ningun(?:a|o)?', 'libres? de', 'negativo para'],
  negatesBefore: ['(?:se )?ha(?:n)? resuelto', 'no (?:visible|identificad[ao]|evidente)s?', 'descartad[ao]s?', 'resuelt[ao]s?'],
  clauseEnds: ['pero', 'sin embargo', 'aunque', 'salvo', 'excepto', 'se (?:observa|aprecia|identifica)n?'],
};

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
