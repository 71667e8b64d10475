import { ROLES, reachOf } from '../../contract/permission.ts';
import type { NewAuditEntry } from '../platform/audit-entry.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { findOwners, hasEmergencyAccess } from './queries.ts';

/** What an object belongs to, as far as is known. */
type Owners = { study: string | null; patient: string | null };

/** Objects remembered at most, and how long: a study may be given to another patient record. */
const MAX_REMEMBERED = 10_000;
const REMEMBERED_MS = 60_000;
/** What ids look like: anything else is not looked for. */
const IDENTIFIER = /^[\w.:-]{1,128}$/;

/** Fills in whom an entry concerns: the study of its object, the patient of its study, and whether it was an emergency. */
export type FindOwners = (db: Db | Tx, tenantId: string, entry: NewAuditEntry) => Promise<NewAuditEntry>;

/** A viewer asks for the frames of one study a hundred times over; their owner is looked up once. */
export function openOwnerSearch(now: () => Date): FindOwners {
  let known = new Map<string, Owners>();
  let since = now().getTime();

  const remembered = async (key: string, find: () => Promise<Owners>): Promise<Owners> => {
    if (known.size >= MAX_REMEMBERED || now().getTime() - since > REMEMBERED_MS) {
      known = new Map();
      since = now().getTime();
    }
    const held = known.get(key);
    if (held) return held;
    const owners = await find();
    // What is not there yet may come.
    if (owners.study !== null || owners.patient !== null) known.set(key, owners);
    return owners;
  };

  return async (db, tenantId, entry) => {
    const { object, study_instance_uid, patient_id } = entry;
    if (study_instance_uid !== undefined && patient_id !== undefined) return entry;
    const [type, id] = study_instance_uid ? ['study', study_instance_uid] : [object?.type ?? '', object?.id ?? null];
    const isLookedFor = id !== null && IDENTIFIER.test(id);
    const owners = isLookedFor ? await remembered(`${tenantId}/${type}/${id}`, () => ownersOf(db, type, id)) : NOBODYS;
    const found = { ...entry, study_instance_uid: study_instance_uid ?? owners.study, patient_id: patient_id ?? owners.patient };
    return (await isEmergency(db, found)) ? { ...found, purpose: 'ETREAT' } : found;
  };
}

const NOBODYS: Owners = { study: null, patient: null };

/** Whether somebody who sees only assigned studies sees this one because he broke the glass. */
async function isEmergency(db: Db | Tx, { actor, study_instance_uid }: NewAuditEntry): Promise<boolean> {
  if (actor.kind !== 'user' || !actor.id || !study_instance_uid || !SEES_ASSIGNED.has(actor.role ?? '')) return false;
  return hasEmergencyAccess(db, actor.id, study_instance_uid);
}

const SEES_ASSIGNED: ReadonlySet<string> = new Set(ROLES.filter((role) => reachOf(role, 'study:read') === 'assigned'));

async function ownersOf(db: Db | Tx, type: string, id: string): Promise<Owners> {
  if (type === 'patient') return { study: null, patient: id };
  const owners = await findOwners(db, type, id);
  return owners ? { study: owners.study_instance_uid, patient: owners.patient_key } : NOBODYS;
}
