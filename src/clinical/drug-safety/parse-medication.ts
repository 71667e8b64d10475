import type { UnderstoodMedication } from '../../contract/drug-safety.ts';
import { foldName, type Knowledge } from './compile.ts';
import { closestName } from './spelling.ts';

type Reader = { pattern: RegExp; read: (match: RegExpExecArray, into: Partial<Parsed>) => void };
type Parsed = { dose_mg: number; doses_per_day: number; route: string; as_needed: boolean; units_a_dose: number };

const MG: Readonly<Record<string, number>> = { g: 1_000, mg: 1, mcg: 0.001, µg: 0.001, μg: 0.001, ug: 0.001, ng: 0.000001 };
const ROUTES: Readonly<Record<string, string>> = {
  po: 'oral',
  oral: 'oral',
  orally: 'oral',
  'by mouth': 'oral',
  iv: 'intravenous',
  intravenous: 'intravenous',
  im: 'intramuscular',
  intramuscular: 'intramuscular',
  sc: 'subcutaneous',
  sq: 'subcutaneous',
  subq: 'subcutaneous',
  subcutaneous: 'subcutaneous',
  sl: 'sublingual',
  sublingual: 'sublingual',
  topical: 'topical',
  inhaled: 'inhaled',
  inhalation: 'inhaled',
  transdermal: 'transdermal',
  patch: 'transdermal',
  intravenös: 'intravenous',
  subkutan: 'subcutaneous',
  'par voie orale': 'oral',
  'vía oral': 'oral',
  rectal: 'rectal',
  pr: 'rectal',
  nasal: 'nasal',
  ophthalmic: 'ophthalmic',
  eye: 'ophthalmic',
  vaginal: 'vaginal',
  intrathecal: 'intrathecal',
};
const TIMES: Readonly<Record<string, number>> = {
  daily: 1,
  'once daily': 1,
  'once a day': 1,
  od: 1,
  qd: 1,
  'every day': 1,
  nightly: 1,
  qhs: 1,
  hs: 1,
  nocte: 1,
  mane: 1,
  'at bedtime': 1,
  'twice daily': 2,
  'twice a day': 2,
  bid: 2,
  bd: 2,
  'three times daily': 3,
  'three times a day': 3,
  tid: 3,
  tds: 3,
  'four times daily': 4,
  'four times a day': 4,
  qid: 4,
  qds: 4,
  weekly: 1 / 7,
  'once weekly': 1 / 7,
  'once a week': 1 / 7,
  'every other day': 0.5,
  'alternate days': 0.5,
  'every morning': 1,
  'every evening': 1,
  'every night': 1,
  monthly: 1 / 30,
  täglich: 1,
  taeglich: 1,
  morgens: 1,
  abends: 1,
  'zur nacht': 1,
  wöchentlich: 1 / 7,
  'une fois par jour': 1,
  'deux fois par jour': 2,
  'trois fois par jour': 3,
  'par jour': 1,
  'par semaine': 1 / 7,
  'le matin': 1,
  'le soir': 1,
  'matin et soir': 2,
  'una vez al día': 1,
  'dos veces al día': 2,
  'tres veces al día': 3,
  'al día': 1,
  diario: 1,
  semanal: 1 / 7,
};
/** Words that say nothing that is checked. */
const FILLERS =
  /^(?:tab(?:let)?s?|cap(?:sule)?s?|pills?|take|takes|each|a|an|the|of|with|and|food|dose|x|solution|injection|syrup|cream|gel|drops?|puffs?|er|xr|sr|cr|la|mr|ec|dr|hcl|hydrochloride|sodium|potassium|tartrate|succinate|maleate|mesylate|besylate|sulfate|sulphate|calcium|release|extended|delayed|immediate|actuat|day|days|per|for|in|on|at|morning|evening|night|nacht|tag|once|jusqu|à|a|le|la|les|el|de|du|al|mit|nach|vor|beim)$/;

/** Fractions and number words before a unit that is counted. */
const COUNTS: Readonly<Record<string, number>> = { '1/2': 0.5, '½': 0.5, '1/4': 0.25, '¼': 0.25, half: 0.5, one: 1, two: 2, three: 3 };

const READERS: readonly Reader[] = [
  // Tablets a dose: the strength is that of one.
  {
    pattern:
      /(?<![\p{L}\d.,/])(1\/2|1\/4|½|¼|half|one|two|three|\d(?:[.,]\d)?)\s*(?:a\s+)?(?:tabs?|tablets?|tabletten?|tbl|caps?|capsules?|kapseln?|pills?|comprimés?|comprimidos?|gélules?)(?![\p{L}])/iu,
    read: ([, count = ''], into) => {
      into.units_a_dose = COUNTS[count.toLowerCase()] ?? Number(count.replace(',', '.'));
    },
  },
  // A concentration: how much is taken stands elsewhere, or nowhere.
  {
    pattern: /\d+(?:[.,]\d+)?\s*(?:g|mg|mcg|µg|μg|ug)\s*\/\s*(?:\d+(?:[.,]\d+)?\s*)?ml(?![\p{L}])/iu,
    read: () => undefined,
  },
  {
    pattern: /(\d+(?:[.,]\d+)?)\s*(g|mg|mcg|µg|μg|ug|ng)(?![\p{L}])(?!\s*\/\s*(?:ml|kg|m2|h))/iu,
    read: ([, amount = '', unit = ''], into) => {
      into.dose_mg = Number(amount.replace(',', '.')) * (MG[unit.toLowerCase()] ?? Number.NaN);
    },
  },
  // Morning-noon-evening(-night), as prescriptions in Central Europe count tablets.
  {
    pattern: /(?<![\d.,/-])(\d)-(\d)-(\d)(?:-(\d))?(?![\d-])/,
    read: ([, ...counts], into) => {
      into.doses_per_day = counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
    },
  },
  {
    pattern: /(?:every|q)\s*(\d{1,2})(?:\s*-\s*\d{1,2})?\s*(?:h(?:ours?|rs?)?|hourly)(?![\p{L}])/iu,
    read: ([, hours = ''], into) => {
      if (Number(hours) > 0) into.doses_per_day = 24 / Number(hours);
    },
  },
  {
    pattern: /(?:cada|alle|toutes\s+les)\s*(\d{1,2})\s*(?:h|horas|stunden|std|heures)(?![\p{L}])/iu,
    read: ([, hours = ''], into) => {
      if (Number(hours) > 0) into.doses_per_day = 24 / Number(hours);
    },
  },
  {
    pattern:
      /(\d)\s*(?:x|times|fois|mal|veces)\s*(?:\/|per|a|an|par|pro|por|la|die)?\s*(?:week|woche|wöchentlich|semaine|semana)(?![\p{L}])/iu,
    read: ([, times = ''], into) => {
      into.doses_per_day = Number(times) / 7;
    },
  },
  {
    pattern:
      /(\d)\s*(?:x|times|fois|mal|veces)\s*(?:\/|per|a|an|par|pro|al|am|por)?\s*(?:daily|day|d|tag|täglich|jour|día|dia)(?![\p{L}])/iu,
    read: ([, times = ''], into) => {
      into.doses_per_day = Number(times);
    },
  },
  wordReader(TIMES, (value, into) => {
    into.doses_per_day ??= value;
  }),
  wordReader(ROUTES, (value, into) => {
    into.route ??= value;
  }),
  {
    pattern:
      /(?<![\p{L}])(?:prn|p\.r\.n\.?|as needed|when required|if needed|bei bedarf|b\.? ?bed\.|si besoin|si precisa|a demanda)(?![\p{L}])/iu,
    read: (_, into) => {
      into.as_needed = true;
    },
  },
];

/** The line speaks of a drug that is not given, or not any more. */
const NOT_TAKEN =
  /^\s*(?:(?:no|not|never|without)(?=\s+\p{L})|stop(?:ped)?|discontinued|d\/c(?:'d)?|held|hold|paused|kein(?:e|en)?|abgesetzt|pausiert|arrêté|suspendido)(?![\p{L}-])|(?:^|[\s(:,-])(?:discontinued|stopped|on hold|not taking|abgesetzt|pausiert|arrêté|suspendido)\s*\)?\.?\s*$/iu;

/** `b.i.d.` as `bid`, `twice-daily` as `twice daily`, `5,000` as `5000`; of a range of doses the larger one stays. */
function plain(text: string): string {
  return text
    .replaceAll(/(?<![\p{L}])((?:[\p{L}]\.){2,4}[\p{L}]?)(?![\p{L}])/gu, (match) => match.replaceAll('.', ''))
    .replaceAll(/(?<=\p{L})-(?=\p{L})/gu, ' ')
    .replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '');
}

/**
 * Reads one line of a medication list: drugs (also several of a combination), amount of one dose, doses a day, route. What nothing was
 * made of is listed, and a misspelled name is marked.
 */
export function parseMedication(knowledge: Knowledge, text: string): UnderstoodMedication {
  const { drugs, rest, corrected } = drugsIn(knowledge, text);
  const parsed: Partial<Parsed> = {};
  const not_taken = NOT_TAKEN.test(text);
  let remaining = plain(rest);
  for (const { pattern, read } of READERS) {
    const match = pattern.exec(remaining);
    if (!match) continue;
    read(match, parsed);
    remaining = `${remaining.slice(0, match.index)} ${remaining.slice(match.index + match[0].length)}`;
  }
  return {
    text,
    drugs,
    dose_mg: parsed.dose_mg === undefined ? null : parsed.dose_mg * (parsed.units_a_dose ?? 1),
    doses_per_day: parsed.doses_per_day ?? null,
    route: parsed.route ?? null,
    as_needed: parsed.as_needed ?? false,
    not_taken,
    corrected,
    unread: wordsOf(remaining)
      .map(({ folded }) => folded)
      .filter((word) => word !== '' && !/^\d+$/.test(word) && !FILLERS.test(word)),
  };
}

type Word = { folded: string; start: number; end: number };

function drugsIn(knowledge: Knowledge, text: string): { drugs: string[]; rest: string; corrected: boolean } {
  const words = wordsOf(text);
  const found = new Set<string>();
  let rest = text;
  for (let at = 0; at < words.length; ) {
    const hit = longestNameAt(knowledge, words, at);
    if (!hit) {
      at += 1;
      continue;
    }
    found.add(hit.drug);
    const [first, last] = [words[at], words[at + hit.length - 1]];
    if (first && last) rest = rest.slice(0, first.start) + ' '.repeat(last.end - first.start) + rest.slice(last.end);
    at += hit.length;
  }
  if (found.size > 0) return { drugs: [...found], rest, corrected: false };
  for (const { folded, start, end } of words) {
    const drug = closestName(knowledge.names, folded);
    if (drug !== undefined)
      return { drugs: [drug], rest: rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end), corrected: true };
  }
  return { drugs: [], rest, corrected: false };
}

function longestNameAt(knowledge: Knowledge, words: readonly Word[], at: number): { drug: string; length: number } | undefined {
  for (let length = Math.min(knowledge.longestName, words.length - at); length > 0; length -= 1) {
    const name = words
      .slice(at, at + length)
      .map(({ folded }) => folded)
      .join(' ');
    const drug = knowledge.names.get(name);
    if (drug !== undefined) return { drug, length };
  }
  return undefined;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((match) => ({
    folded: foldName(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function wordReader<T>(table: Readonly<Record<string, T>>, read: (value: T, into: Partial<Parsed>) => void): Reader {
  const words = Object.keys(table).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
  return {
    pattern,
    read: ([word], into) => {
      const value = table[word.toLowerCase()];
      if (value !== undefined) read(value, into);
    },
  };
}
