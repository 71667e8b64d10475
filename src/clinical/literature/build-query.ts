import type { Finding } from '../../contract/findings.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { foldText } from './fold-text.ts';

export type QueryFinding = Pick<Finding, 'id' | 'source' | 'code' | 'title' | 'status' | 'confidence'>;
export type QueryInput = { findings: readonly QueryFinding[]; record: readonly RecordEntry[]; question: string | null };

/** One search, and what of the patient led to it. */
export type LiteratureQuery = {
  text: string;
  /** How much what it finds counts beside the others. */
  weight: number;
  /** What the text was made from. */
  because: { kind: 'question' | 'finding' | 'record'; id: string | null }[];
};

/** More findings than this are rarely one question. */
const MAX_FINDINGS = 4;
const MAX_CONDITIONS = 3;
/** A finding together with a condition: what is found for both is rarer, and further from the question. */
const COMBINED_WEIGHT = 0.5;
/** Semantic tags of SNOMED CT that name diseases; `(finding)` and `(situation)` hold employment and housing as well. */
const DISEASE_TAGS = new Set(['disorder', 'morphologic abnormality', 'disease']);
/** Words that describe how sure or how big something is, and what the file said of it; they lead away from the thing. */
const NOISE =
  /\b(possible|probable|suspected|suspicious|likely|unspecified|history of|status post|left|right|bilateral|upper|lower|middle)\b/gi;

/**
 * The searches that a case is worth: the question as it was asked, each finding that was not rejected (the surest first), and each finding
 * together with the active diseases of the record (the newest first). Measurements, dates, names and free remarks are not used: only the
 * titles of findings and the names of diseases. Empty if there is nothing to ask.
 */
export function buildQueries({ findings, record, question }: QueryInput): LiteratureQuery[] {
  const asked = question?.trim() ? [{ text: question.trim(), weight: 1, because: [{ kind: 'question' as const, id: null }] }] : [];
  const named = findings
    .filter(({ status, code }) => status !== 'rejected' && code !== 'normal')
    .toSorted((a, b) => (b.confidence ?? 1) - (a.confidence ?? 1))
    .map((finding) => ({ id: finding.id, text: topicOf(finding.title) }))
    .filter(({ text }) => text !== '');
  const topics = firstOfEach(named).slice(0, MAX_FINDINGS);
  const conditions = activeDiseases(record).slice(0, MAX_CONDITIONS);
  const alone = topics.map(({ id, text }) => ({ text, weight: 1, because: [{ kind: 'finding' as const, id }] }));
  const together = topics.slice(0, 2).flatMap((finding) =>
    conditions
      .filter(({ text }) => text !== finding.text)
      .map((condition) => ({
        text: `${finding.text} ${condition.text}`,
        weight: COMBINED_WEIGHT,
        because: [
          { kind: 'finding' as const, id: finding.id },
          { kind: 'record' as const, id: condition.id },
        ],
      })),
  );
  return [...asked, ...alone, ...together];
}

type Topic = { id: string; text: string };

function activeDiseases(record: readonly RecordEntry[]): Topic[] {
  const named = record
    .filter(({ kind, status }) => kind === 'condition' && status === 'active')
    .toSorted((a, b) => ((a.started_at ?? '') < (b.started_at ?? '') ? 1 : -1))
    .map((entry) => ({ id: entry.id, name: entry.codes[0]?.display ?? entry.text }))
    .filter(({ name }) => isDisease(name))
    .map(({ id, name }) => ({ id, text: topicOf(name) }))
    .filter(({ text }) => text !== '');
  return firstOfEach(named);
}

/** What has no tag is taken for a disease. */
function isDisease(name: string): boolean {
  const [, tag] = /\(([^()]+)\)\s*$/.exec(name) ?? [];
  return tag === undefined || DISEASE_TAGS.has(tag.toLowerCase());
}

/** The thing that a title names, without what stands in brackets behind it, numbers and degrees. */
function topicOf(title: string): string {
  return foldText(
    title
      .replaceAll(/\([^()]*\)/g, ' ')
      .replaceAll(NOISE, ' ')
      .replaceAll(/\d+([.,]\d+)?\s*(mm|cm|ml|hu|%)?/gi, ' '),
  );
}

function firstOfEach(topics: readonly Topic[]): Topic[] {
  const seen = new Set<string>();
  return topics.filter(({ text }) => !seen.has(text) && seen.add(text));
}
