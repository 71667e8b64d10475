import type { CriticalResult } from '../contract/critical-results.ts';
import type { Locale } from '../contract/reports.ts';
import { wordingOf } from './wording.ts';

type Told = Pick<CriticalResult, 'text' | 'told_to' | 'told_by' | 'told_at' | 'told_how' | 'read_back'>;
type Way = NonNullable<Told['told_how']>;
type Words = {
  ways: Record<Way, string>;
  told: (what: string, to: string, how: string, when: string) => string;
  readBack: string;
};

const WORDS: Record<Locale, Words> = {
  en: {
    ways: { 'in-person': 'in person', telephone: 'by telephone', video: 'by video call', message: 'by secure message' },
    told: (what, to, how, when) => `Critical result (${what}) communicated to ${to} ${how} on ${when}.`,
    readBack: 'Read back and confirmed.',
  },
  de: {
    ways: { 'in-person': 'persönlich', telephone: 'telefonisch', video: 'per Videogespräch', message: 'per gesicherter Nachricht' },
    told: (what, to, how, when) => `Kritischer Befund (${what}) am ${when} ${how} an ${to} übermittelt.`,
    readBack: 'Wiederholt und bestätigt.',
  },
  fr: {
    ways: { 'in-person': 'de vive voix', telephone: 'par téléphone', video: 'par visioconférence', message: 'par message sécurisé' },
    told: (what, to, how, when) => `Résultat critique (${what}) communiqué à ${to} ${how} le ${when}.`,
    readBack: 'Relu et confirmé.',
  },
  es: {
    ways: { 'in-person': 'en persona', telephone: 'por teléfono', video: 'por videollamada', message: 'por mensaje seguro' },
    told: (what, to, how, when) => `Resultado crítico (${what}) comunicado a ${to} ${how} el ${when}.`,
    readBack: 'Repetido y confirmado.',
  },
  ar: {
    ways: { 'in-person': 'شخصياً', telephone: 'هاتفياً', video: 'بمكالمة مرئية', message: 'برسالة آمنة' },
    told: (what, to, how, when) => `أبلغت النتيجة الحرجة (${what}) إلى ${to} ${how} بتاريخ ${when}.`,
    readBack: 'أعيدت قراءتها وتم تأكيدها.',
  },
};

/** The sentence that documents to whom a critical result was told; times in UTC, as the record has them. */
export function describeTold({ text, told_to, told_at, told_how, read_back }: Told, locale: Locale): string {
  const words = WORDS[locale];
  const { date, embed } = wordingOf(locale);
  const when = told_at === null ? '–' : `${date(told_at)} ${embed(`${told_at.slice(11, 16)} UTC`)}`;
  const sentence = words.told(embed(text.trim().replace(/[.\s]+$/, '')), embed(told_to ?? '–'), words.ways[told_how ?? 'telephone'], when);
  return read_back ? `${sentence} ${words.readBack}` : sentence;
}
