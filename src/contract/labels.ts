import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable, Uid } from './fields.ts';

/** Lower case, so that one word is one label. */
export const Label = Type.String({ pattern: '^[a-z0-9][a-z0-9 _.-]{0,62}$' });

export const StudyLabels = Type.Object({ study_instance_uid: Uid, labels: Type.Array(Label) });
export type StudyLabels = Static<typeof StudyLabels>;

const studyParams = Type.Object({ study_instance_uid: Uid });
const labelParams = Type.Object({ study_instance_uid: Uid, label: Label });

export const listStudyLabels = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/labels',
  summary: 'Labels of a study',
  permission: 'study:read',
  params: studyParams,
  response: StudyLabels,
});
export const addStudyLabel = endpoint({
  method: 'PUT',
  path: '/api/v1/studies/:study_instance_uid/labels/:label',
  summary: 'Puts a label on a study; nothing changes if it has it. `deidentified` is given by de-identification alone',
  permission: 'study:label',
  params: labelParams,
  response: StudyLabels,
});
export const removeStudyLabel = endpoint({
  method: 'DELETE',
  path: '/api/v1/studies/:study_instance_uid/labels/:label',
  summary: 'Takes a label off a study',
  permission: 'study:label',
  params: labelParams,
  response: StudyLabels,
});

/** Something that happened, mostly to a study. */
export const Change = Type.Object({
  seq: Type.Integer(),
  type: Type.String(),
  /** Null for what concerns no study. */
  study_instance_uid: Nullable(Uid),
  at: Instant,
});
export type Change = Static<typeof Change>;

export const listChanges = endpoint({
  method: 'GET',
  path: '/api/v1/changes',
  summary: 'What happened to studies after `since`, oldest first: a client that keeps `last` misses nothing',
  permission: 'event:read',
  query: Type.Object({
    since: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  }),
  response: Type.Object({
    items: Type.Array(Change),
    /** What to ask `since` next. */
    last: Type.Integer(),
    /** False while there is more to ask for. */
    done: Type.Boolean(),
  }),
});
