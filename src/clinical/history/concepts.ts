import type { RecordEntry } from '../../contract/patient-record.ts';

/** By what a record names a problem. Codes of ICD-10 stand for all below them; words are of English, whole, and without regard to case. */
type Concept = { id: string; icd10: readonly string[]; snomed: readonly string[]; words: RegExp };

export const SNOMED = 'http://snomed.info/sct';
const ICD10 = /icd-?10/i;

/** What a text says of somebody else, of what may come, or of what is not. */
const NOT_OF_PATIENT =
  /\b(family history|fh of|screening for|risk (?:of|for)|at risk|suspected|possible|rule out|exclud|no (?:history|evidence|sign)|negative for|history of present)/i;

/**
 * Problems that rules ask for. Concept codes of SNOMED CT and ICD-10 single out the usual entries; an entry in another code is read by its
 * words. A problem that no entry shows is not known, never absent.
 */
const TABLE: readonly (readonly [id: string, icd10: string, snomed: string, words: string])[] = [
  ['hypertension', 'I10 I11 I12 I13 I15', '38341003 59621000', 'hypertension|hypertensive'],
  ['heart-failure', 'I50 I11.0 I13.0 I13.2', '84114007 42343007 88805009', '(?:heart|cardiac) failure|cardiomyopathy'],
  ['diabetes', 'E10 E11 E12 E13 E14', '73211009 44054006 46635009', 'diabetes(?: mellitus)?(?! insipidus)|diabetic'],
  [
    'stroke',
    'I63 I64 I61 I69.3 I69.4 G45 Z86.73',
    '230690007 266257000 422504002',
    'stroke|cerebral infarct\\w*|cerebrovascular accident|transient isch\\w+ attack',
  ],
  ['stroke-without-tia', 'I61 I63 I64 I69.1 I69.3 I69.4', '230690007 422504002', 'stroke|cerebral infarct\\w*|cerebrovascular accident'],
  ['myocardial-infarction', 'I21 I22 I25.2', '22298006 399211009 57054005 401303003 401314000', 'myocardial infarct\\w*'],
  ['coronary-disease', 'I20 I24 I25', '53741008 414545008', 'coronary (?:artery |heart )?disease|isch\\w+ heart disease|angina'],
  [
    'peripheral-artery-disease',
    'I70 I73.9',
    '399957001 840580004',
    'peripheral (?:arterial?|vascular) (?:occlusive )?disease|aortic plaque|claudication',
  ],
  ['atrial-fibrillation', 'I48', '49436004 282825002', 'atrial fibrillation|atrial flutter'],
  [
    'venous-thromboembolism',
    'I26 I80.1 I80.2 I82.4 Z86.71',
    '59282003 128053003 706870000',
    'pulmonary embol\\w+|(?:deep )?(?:vein|venous) thrombo\\w+',
  ],
  [
    'cancer',
    'C',
    '363346000 93880001 254637007 254632001 254837009 93761005 363406005 399068003 109838007',
    'malignan\\w+(?! hypertherm)|\\w*carcinoma|\\w*sarcoma|lymphoma|leuk\\w*mia|melanoma|myeloma|cancer|metasta\\w+|glioblastoma',
  ],
  [
    'solid-tumor',
    '',
    '93880001 254637007 254632001 254837009 93761005 363406005 399068003 109838007',
    '\\w*carcinoma|\\w*sarcoma|melanoma',
  ],
  ['leukemia', 'C91 C92 C93 C94 C95', '93143009', 'leuk\\w*mia'],
  ['lymphoma', 'C81 C82 C83 C84 C85 C88 C96', '118600007 118601006 118599009', 'lymphoma'],
  ['aids', 'B20 B21 B22 B24', '62479008', 'aids|acquired immun\\w+ deficiency syndrome'],
  ['metastasis', 'C77 C78 C79', '94381002 128462008', 'metasta\\w+'],
  ['copd', 'J43 J44', '13645005 87433001 185086009', 'chronic obstructive (?:pulmonary|lung|bronchitis)\\w*|copd|emphysema'],
  ['emphysema', 'J43', '87433001', 'emphysema'],
  ['asthma', 'J45 J46', '195967001', 'asthma'],
  [
    'interstitial-lung-disease',
    'J84 J60 J61 J62 J63 J64 J65 J66 J67 D86',
    '51615001 700250006 233703007',
    'interstitial (?:lung|pulmonary)|pulmonary fibrosis|sarcoid\\w*|pneumoconiosis|silicosis|asbestosis',
  ],
  ['asbestos', 'Z77.090 J61 J92.0', '22607003', 'asbest\\w+'],
  ['tuberculosis', 'A15 A16 A17 A18 A19 Z86.11', '56717001 154283005', 'tubercul\\w+'],
  ['pneumonia', 'J12 J13 J14 J15 J16 J17 J18', '233604007 385093006', 'pneumonia'],
  ['cirrhosis', 'K74 K70.3 K71.7', '19943007', 'cirrhosis'],
  ['hepatitis', 'B18 K73', '61977001 50711007 66071002', 'chronic (?:viral )?hepatitis|hepatitis [bc]\\b'],
  [
    'kidney-disease',
    'N18 N19',
    '709044004 433144002 431857002 433146000 46177005 431855005 431856006',
    'chronic kidney disease|renal (?:insufficiency|failure)|kidney failure|end.?stage renal|nephropathy',
  ],
  ['dialysis', 'Z99.2 Z49', '108241001 265764009 302497006', 'dialysis'],
  ['kidney-stone', 'N20', '95570007', 'nephrolithiasis|kidney stone|renal (?:calcul\\w+|stone)|urolithiasis'],
  [
    'immunosuppression',
    'D80 D81 D82 D83 D84 B20 B21 B22 B24 Z94',
    '234532001 86406008 62479008',
    'immunodeficien\\w+|immunosuppress\\w+|hiv|aids|transplant\\w*',
  ],
  ['dementia', 'F00 F01 F02 F03 G30', '52448006 26929004', "dementia|alzheimer'?s?"],
  ['rheumatic-disease', 'M05 M06 M32 M33 M34', '69896004 55464009', 'rheumatoid arthritis|lupus|scleroderma|systemic sclerosis'],
  ['inflammatory-bowel-disease', 'K50 K51', '34000006 64766004 24526004', "crohn'?s?|ulcerative colitis|inflammatory bowel"],
  ['peptic-ulcer', 'K25 K26 K27 K28', '13200003', '(?:peptic|gastric|duodenal) ulcer'],
  ['bleeding', 'K92.2 I60 I61 I62 D68.3', '74474003 1386000', 'h\\w*morrhage|bleeding'],
  ['hyperthyroidism', 'E05', '34486009 353295004', "hyperthyroid\\w*|thyrotoxicosis|graves'? disease"],
  ['thyroid-nodule', 'E04.1 E04.2', '237495005', 'thyroid nodule|goit(?:er|re)'],
  ['epilepsy', 'G40', '84757009', 'epilep\\w+|seizure disorder'],
  ['migraine', 'G43', '37796009', 'migraine'],
  ['head-injury', 'S06', '62106007 127295002', 'concussion|traumatic brain injury|head injury|skull fracture'],
  ['osteoporosis', 'M80 M81', '64859006', 'osteoporosis|osteopenia'],
  ['fracture', 'S02 S12 S22 S32 S42 S52 S62 S72 S82 S92 T14.2', '125605004', 'fracture\\w*'],
  ['arthrosis', 'M15 M16 M17 M18 M19', '396275006', 'osteoarthritis|arthrosis'],
  ['disc-disease', 'M50 M51', '', 'disc (?:herniation|prolapse|degeneration)|spinal stenosis|radiculopathy'],
  ['breast-disease', 'N60 N63 D24 D05', '', 'breast (?:lump|mass|cyst|cancer|carcinoma)|fibroadenoma'],
  ['pregnancy', 'Z33 Z34 Z35 O', '77386006 72892002', 'pregnan(?:t|cy)'],
  [
    'implant',
    'Z95.0 Z95.810 Z96.21 Z45.0',
    '441509002',
    'pacemaker|defibrillator|cochlear implant|neurostimulator|aneurysm clip|deep brain stimulat\\w+',
  ],
  ['aneurysm', 'I71 I72 I67.1', '233985008', 'aneurysm'],
  ['gallstones', 'K80', '235919008', 'cholelithiasis|gallstone|cholecystitis'],
  ['pancreatitis', 'K85 K86', '75694006 235494005', 'pancreatitis'],
  ['diverticular-disease', 'K57', '397881000 307496006', 'diverticul\\w+'],
  ['sinusitis', 'J01 J32', '36971009 40055000 444814009', 'sinusitis'],
];

const CONCEPTS: ReadonlyMap<string, Concept> = new Map(
  TABLE.map(([id, icd10, snomed, words]) => [
    id,
    {
      id,
      icd10: icd10
        .split(' ')
        .filter(Boolean)
        .map((code) => code.replace('.', '')),
      snomed: snomed.split(' ').filter(Boolean),
      words: new RegExp(`\\b(?:${words})\\b`, 'i'),
    },
  ]),
);

/**
 * Whether the entry shows the problem. A refuted entry shows nothing; nor does one that tells of the family, of a doubt or of an absence.
 *
 * @throws {Error} for a concept that the table does not have
 */
export function showsConcept(entry: Pick<RecordEntry, 'codes' | 'text' | 'status'>, id: string): boolean {
  const concept = CONCEPTS.get(id);
  if (!concept) throw new Error(`No concept '${id}'`);
  if (entry.status === 'refuted' || NOT_OF_PATIENT.test(entry.text)) return false;
  const isCoded = entry.codes.some(({ system, code }) => {
    if (system === SNOMED) return concept.snomed.includes(code);
    if (!ICD10.test(system)) return false;
    const plain = code.replace('.', '').toUpperCase();
    return concept.icd10.some((prefix) => plain.startsWith(prefix));
  });
  return isCoded || concept.words.test(entry.text);
}

/** Codes of ICD-10 in any edition, as written. */
export function icd10Of(entry: Pick<RecordEntry, 'codes'>): string[] {
  return entry.codes.filter(({ system }) => ICD10.test(system)).map(({ code }) => code);
}
