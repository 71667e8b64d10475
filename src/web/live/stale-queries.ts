import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { EventMessage, EventType } from '../../contract/events.ts';

/** What is shown and may have changed; `exact`: not what lies under the key. */
type Stale = { queryKey: QueryKey; exact?: boolean };
/** Ids of what an event is about. */
type Ids = Readonly<Record<string, unknown>>;

/** Events come in bursts (a study of a thousand instances): what they are about is loaded once for all that came in this time. */
const GATHER_MS = 400;
/** First parts of keys that events keep up to date; loaded anew when some were missed. */
const LIVE_KEYS: ReadonlySet<unknown> = new Set([
  'reading-list',
  'studies',
  'study',
  'patients',
  'patient',
  'changes',
  'diagnosis',
  'diagnoses',
  'orders',
  'forwards',
  'follow-ups',
  'knowledge',
  'break-glass',
  'critical-results',
]);

const LIST: Stale[] = [{ queryKey: ['reading-list'] }, { queryKey: ['studies'] }];
const none = (): Stale[] => [];
const study = (ids: Ids): Stale[] => [...LIST, { queryKey: ['study', ids['study_instance_uid']], exact: true }];
const partOfStudy =
  (part: string) =>
  (ids: Ids): Stale[] => [...study(ids), { queryKey: ['study', ids['study_instance_uid'], part] }];
const analysisOfStudy = (ids: Ids): Stale[] => [...partOfStudy('analyses')(ids), ...partOfStudy('findings')(ids)];
const criticalResult = (ids: Ids): Stale[] => [
  ...partOfStudy('critical-results')(ids),
  { queryKey: ['critical-results'] },
  { queryKey: ['study', ids['study_instance_uid'], 'checks'] },
];
const diagnosis = (ids: Ids): Stale[] => [
  { queryKey: ['reading-list'] },
  { queryKey: ['diagnosis', ids['diagnosis_id']] },
  { queryKey: ['diagnoses'] },
];
/** A report of measurements shows nothing in the lists, and no picture. */
const measurements = (ids: Ids): Stale[] => [{ queryKey: ['study', ids['study_instance_uid'], 'measurements'] }, { queryKey: ['changes'] }];
const agentOfDiagnosis = (ids: Ids): Stale[] =>
  ids['diagnosis_id'] === undefined ? [] : [{ queryKey: ['diagnosis', ids['diagnosis_id'], 'status'] }];
const patient = (ids: Ids): Stale[] => [{ queryKey: ['patients'] }, { queryKey: ['patient', ids['patient_key']] }];
const record = (ids: Ids): Stale[] => [{ queryKey: ['patient', ids['patient_key']] }];
const order = (): Stale[] => [{ queryKey: ['reading-list'] }, { queryKey: ['orders'] }];
const forward = (): Stale[] => [{ queryKey: ['forwards'] }];
const followUp = (): Stale[] => [{ queryKey: ['reading-list'] }, { queryKey: ['follow-ups'] }];
const reading = (ids: Ids): Stale[] => [{ queryKey: ['reading-list'] }, { queryKey: ['study', ids['study_instance_uid'], 'reading'] }];
const knowledge = (): Stale[] => [{ queryKey: ['knowledge'] }];

/** Which queries an event makes stale, for every type that there is. */
const STALE_AFTER: Readonly<Record<EventType, (ids: Ids) => Stale[]>> = {
  instance_stored: study,
  upload_progress: none,
  study_labeled: study,
  study_complete: study,
  study_deleted: study,
  study_restored: study,
  study_moved: (ids) => [...study(ids), { queryKey: ['patient'] }],
  analysis_queued: partOfStudy('analyses'),
  analysis_started: partOfStudy('analyses'),
  analysis_progress: agentOfDiagnosis,
  analysis_finished: analysisOfStudy,
  analysis_complete: (ids) => (ids['diagnosis_id'] === undefined ? analysisOfStudy(ids) : diagnosis(ids)),
  agent_status: agentOfDiagnosis,
  finding_added: partOfStudy('findings'),
  finding_reviewed: partOfStudy('findings'),
  report_drafted: partOfStudy('reports'),
  report_signed: partOfStudy('reports'),
  report_rendered: partOfStudy('reports'),
  report_amendment_opened: partOfStudy('reports'),
  addendum_opened: partOfStudy('reports'),
  addendum_signed: partOfStudy('reports'),
  critical_result_marked: criticalResult,
  critical_result_told: criticalResult,
  critical_result_acknowledged: criticalResult,
  critical_result_withdrawn: criticalResult,
  diagnosis_created: (ids) => [...diagnosis(ids), { queryKey: ['patient'] }],
  diagnosis_started: diagnosis,
  diagnosis_changed: diagnosis,
  diagnosis_images_added: diagnosis,
  diagnosis_commented: diagnosis,
  diagnosis_agent_ended: diagnosis,
  diagnosis_agent_failed: diagnosis,
  diagnosis_agent_restarted: diagnosis,
  diagnosis_completed: diagnosis,
  diagnosis_cancelled: diagnosis,
  forward_requested: forward,
  forward_sent: forward,
  forward_delayed: forward,
  forward_failed: forward,
  forward_cancelled: forward,
  storage_committed: forward,
  storage_not_committed: forward,
  order_scheduled: order,
  order_changed: order,
  order_removed: order,
  procedure_in_progress: order,
  procedure_completed: order,
  procedure_discontinued: order,
  reading_assigned: reading,
  reading_begun: reading,
  reading_taken_over: reading,
  reading_ended: reading,
  reading_priority_changed: reading,
  follow_up_opened: followUp,
  follow_up_done: followUp,
  follow_up_dismissed: followUp,
  measurements_saved: measurements,
  discordance_opened: partOfStudy('discordances'),
  discordance_resolved: partOfStudy('discordances'),
  mentioned: diagnosis,
  patient_created: patient,
  patient_updated: patient,
  record_changed: record,
  record_imported: patient,
  patient_merged: patient,
  patient_unmerged: patient,
  document_added: record,
  document_removed: record,
  knowledge_source_on: knowledge,
  knowledge_source_off: knowledge,
  knowledge_imported: knowledge,
  knowledge_removed: knowledge,
  knowledge_override_requested: knowledge,
  knowledge_override_approved: knowledge,
  knowledge_override_removed: knowledge,
  access_changed: () => [{ queryKey: ['whoami'] }],
  break_glass: () => [{ queryKey: ['break-glass'] }],
};

/** Loads anew what events have made stale, of what is on the screen; the rest when it is shown again. */
export type Refresher = { take(event: EventMessage): void; missed(): void };

export function openRefresher(queryClient: QueryClient): Refresher {
  const gathered = new Map<string, Stale>();
  const flush = (): void => {
    const due = [...gathered.values()];
    gathered.clear();
    for (const stale of due) void queryClient.invalidateQueries(stale);
  };
  return {
    take: ({ type, topic, data }) => {
      const isFirst = gathered.size === 0;
      for (const stale of staleAfter(type, topic, data)) gathered.set(JSON.stringify(stale), stale);
      if (isFirst && gathered.size > 0) setTimeout(flush, GATHER_MS);
    },
    missed: () => void queryClient.invalidateQueries({ predicate: ({ queryKey }) => LIVE_KEYS.has(queryKey[0]) }),
  };
}

/** Of a type that this page does not know it knows the topic. */
export function staleAfter(type: string, topic: string, data: Ids): Stale[] {
  if (Object.hasOwn(STALE_AFTER, type)) return STALE_AFTER[type as EventType](data);
  const [kind, id] = topic.split(':');
  if (kind === 'study') return [...LIST, { queryKey: ['study', id] }];
  return kind === 'diagnosis' ? diagnosis({ diagnosis_id: id }) : [];
}
