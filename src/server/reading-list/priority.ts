import type { DiagnosisPriority } from '../../contract/diagnosis.ts';
import {
  type LevelTargets,
  READING_LEVELS,
  type ReadingLevel,
  type ReadingReason,
  type ReadingStatus,
} from '../../contract/reading-list.ts';
import { urgencyOf } from './finding-urgency.ts';

type OrderPriority = Extract<ReadingReason, { kind: 'order' }>['priority'];

/** What is known of a study that makes it urgent or not. */
export type ReadingFacts = {
  received_at: string;
  /** Of the orders that it answers, as they were sent. */
  orders: readonly { priority: OrderPriority }[];
  diagnoses: readonly { id: string; priority: DiagnosisPriority }[];
  /** Of models; what a person rejected is left out. */
  findings: readonly {
    id: string;
    code: string;
    title: string;
    confidence: number | null;
    is_confirmed: boolean;
    model_id: string | null;
    model_version: string | null;
    found_at: string;
  }[];
  /** By hand, by whom and when. */
  set?: { level: ReadingLevel; by: string; at: string } | undefined;
  /** Why the AI gave no answer; undefined if it gave one, or has yet to. */
  not_evaluable: { reason: string | null } | undefined;
  /** Open recommendations for the patient whose last day has passed. */
  follow_ups: readonly { id: string; due_to: string }[];
};

export type Priority = { level: ReadingLevel; reasons: ReadingReason[]; due_at: string };

/**
 * Targets where a tenant has set none, in minutes. A choice of ours, far inside of the four weeks that England sets as the outer limit for
 * any imaging report (NHS England, Diagnostic imaging reporting turnaround times, 2023).
 */
export const DEFAULT_TARGETS: LevelTargets = { critical: 60, urgent: 240, routine: 1_440, low: 4_320 };

const OF_ORDER: Readonly<Record<OrderPriority, ReadingLevel>> = {
  STAT: 'critical',
  HIGH: 'urgent',
  ROUTINE: 'routine',
  MEDIUM: 'routine',
  LOW: 'low',
};
const OF_DIAGNOSIS: Readonly<Record<DiagnosisPriority, ReadingLevel>> = { emergency: 'critical', urgent: 'urgent', routine: 'routine' };
const OF_FINDING = { critical: 'critical', high: 'urgent', notable: null } as const;
/** Waiting makes nothing `critical`: what is must not drown in what is merely late. */
const HIGHEST_BY_WAITING = READING_LEVELS.indexOf('urgent');
const MINUTE_MS = 60_000;
const SIGNED = '9';

/**
 * How urgent a study is, with every reason, by these rules (docs/adr/0021). Pure. `targets` are those that hold for it.
 *
 * 1. The most urgent of order, diagnosis, findings of models and overdue follow-ups decides; without any of them it is `routine`. Only an
 *    order can make a study `low`, and only while nothing else says otherwise.
 * 2. A finding counts until a person rejects it, whether or not somebody has confirmed it. No answer of the AI raises nothing, and is told.
 * 3. What a person sets by hand holds in place of all that, in both directions, but for findings that came after it and are more urgent.
 * 4. What waits longer than the target of its level goes up to the next, and on while that target has passed as well, up to `urgent`.
 */
export function prioritize(facts: ReadingFacts, targets: LevelTargets, now: Date): Priority {
  const reasons = [...ofOrders(facts), ...ofDiagnoses(facts), ...ofFindings(facts), ...ofFollowUps(facts)];
  const own = ownLevel(facts, reasons);
  const received = Date.parse(facts.received_at);
  const due_at = new Date(received + targets[own] * MINUTE_MS).toISOString();
  const level = raisedBy(own, (at) => now.getTime() > received + targets[at] * MINUTE_MS);
  if (now.getTime() > Date.parse(due_at))
    reasons.push({ kind: 'overdue', level: level === own ? null : level, target_minutes: targets[own], due_at });
  if (facts.set) reasons.push({ kind: 'person', level: own, set_level: facts.set.level, by: facts.set.by, at: facts.set.at });
  if (facts.not_evaluable) reasons.push({ kind: 'not_evaluable', level: null, reason: facts.not_evaluable.reason });
  return { level, due_at, reasons: reasons.toSorted((a, b) => placeOf(a) - placeOf(b)) };
}

/**
 * The place of a study in the list: text that sorts by level, then by arrival, with everything that is signed at the end.
 *
 * @param receivedAt ISO 8601, UTC
 */
export function placeInList(status: ReadingStatus, level: ReadingLevel, receivedAt: string): string {
  return `${status === 'signed' ? SIGNED : rankOf(level) + 1}${receivedAt}`;
}

/** The places of a level, or of all that is not signed: from the first, up to before the second. */
export function placesOf(level: ReadingLevel | 'open' | 'signed'): { from: string; before: string } {
  if (level === 'open') return { from: '0', before: SIGNED };
  if (level === 'signed') return { from: SIGNED, before: ':' };
  return { from: `${rankOf(level) + 1}`, before: `${rankOf(level) + 2}` };
}

/** The places of a level at which studies have waited longer than its target. */
export function overduePlaces(level: ReadingLevel, targets: LevelTargets, now: Date): { from: string; before: string } {
  const { from } = placesOf(level);
  return { from, before: `${from}${new Date(now.getTime() - targets[level] * MINUTE_MS).toISOString()}` };
}

/** Levels that waiting lifts a study out of. */
export const RISING_LEVELS: readonly ReadingLevel[] = READING_LEVELS.filter((level) => rankOf(level) > HIGHEST_BY_WAITING);

function ofOrders({ orders }: ReadingFacts): ReadingReason[] {
  return orders.map(({ priority }) => ({ kind: 'order', level: OF_ORDER[priority], priority }));
}

function ofDiagnoses({ diagnoses }: ReadingFacts): ReadingReason[] {
  return diagnoses.map(({ id, priority }) => ({ kind: 'diagnosis', level: OF_DIAGNOSIS[priority], priority, diagnosis_id: id }));
}

function ownLevel({ set, ...facts }: ReadingFacts, reasons: readonly ReadingReason[]): ReadingLevel {
  // Whoever set it could not know of what came later.
  const speaking = set ? ofFindings({ ...facts, findings: facts.findings.filter(({ found_at }) => found_at > set.at) }) : reasons;
  const ranks = speaking.flatMap(({ level }) => (level === null ? [] : [rankOf(level)]));
  const least = set ? [rankOf(set.level)] : ranks.length === 0 ? [rankOf('routine')] : [];
  return READING_LEVELS[Math.min(...ranks, ...least)] ?? 'routine';
}

function ofFindings({ findings }: Pick<ReadingFacts, 'findings'>): ReadingReason[] {
  return findings.map(({ id, code, found_at: _, ...finding }) => {
    const urgency = urgencyOf(code);
    return { ...finding, kind: 'finding', level: OF_FINDING[urgency], urgency, finding_id: id };
  });
}

function ofFollowUps({ follow_ups }: ReadingFacts): ReadingReason[] {
  return follow_ups.map(({ id, due_to }) => ({ kind: 'follow_up', level: 'urgent', follow_up_id: id, due_to }));
}

function raisedBy(own: ReadingLevel, isPast: (level: ReadingLevel) => boolean): ReadingLevel {
  let rank = rankOf(own);
  while (rank > HIGHEST_BY_WAITING && isPast(READING_LEVELS[rank] ?? own)) rank -= 1;
  return READING_LEVELS[rank] ?? own;
}

/** What a person said stands first, and what raises a study before what only tells. */
function placeOf({ level, kind }: ReadingReason): number {
  if (kind === 'person') return -1;
  return level === null ? (kind === 'overdue' ? READING_LEVELS.length : READING_LEVELS.length + 1) : rankOf(level);
}

function rankOf(level: ReadingLevel): number {
  return READING_LEVELS.indexOf(level);
}
