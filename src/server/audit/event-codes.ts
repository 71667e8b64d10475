import type { AuditEntry } from '../../contract/audit.ts';
import type { AuditAction } from '../../contract/audit-terms.ts';

export type Code = { code: string; display: string };

/** What an entry is in the words of DICOM (PS3.15 A.5.3 and PS3.16 CID 400, 401). */
export type EventCodes = {
  /** CID 400. */
  id: Code;
  /** CID 401. */
  type?: Code;
  /** Create, read, update, delete, execute. */
  action: 'C' | 'R' | 'U' | 'D' | 'E';
};

const APPLICATION_ACTIVITY = { code: '110100', display: 'Application Activity' };
const AUDIT_LOG_USED = { code: '110101', display: 'Audit Log Used' };
const INSTANCES_ACCESSED = { code: '110103', display: 'DICOM Instances Accessed' };
const INSTANCES_TRANSFERRED = { code: '110104', display: 'DICOM Instances Transferred' };
const STUDY_DELETED = { code: '110105', display: 'DICOM Study Deleted' };
export const EXPORT = { code: '110106', display: 'Export' };
const IMPORT = { code: '110107', display: 'Import' };
const PATIENT_RECORD = { code: '110110', display: 'Patient Record' };
const PROCEDURE_RECORD = { code: '110111', display: 'Procedure Record' };
const QUERY = { code: '110112', display: 'Query' };
const SECURITY_ALERT = { code: '110113', display: 'Security Alert' };
const USER_AUTHENTICATION = { code: '110114', display: 'User Authentication' };

const LOGIN = { code: '110122', display: 'Login' };
const LOGOUT = { code: '110123', display: 'Logout' };
const NODE_AUTHENTICATION = { code: '110126', display: 'Node Authentication' };
const SECURITY_CONFIGURATION = { code: '110129', display: 'Security Configuration' };
const RESTRICTED_FUNCTION = { code: '110132', display: 'Use of Restricted Function' };

const BY_ACTION: Record<AuditAction, EventCodes> = {
  access: { id: INSTANCES_ACCESSED, action: 'R' },
  search: { id: QUERY, action: 'E' },
  export: { id: EXPORT, action: 'R' },
  import: { id: IMPORT, action: 'C' },
  change: { id: PROCEDURE_RECORD, action: 'U' },
  delete: { id: PROCEDURE_RECORD, action: 'D' },
  analyze: { id: PROCEDURE_RECORD, action: 'C' },
  report: { id: PROCEDURE_RECORD, action: 'U' },
  login: { id: USER_AUTHENTICATION, type: LOGIN, action: 'E' },
  logout: { id: USER_AUTHENTICATION, type: LOGOUT, action: 'E' },
  admin: { id: SECURITY_ALERT, type: SECURITY_CONFIGURATION, action: 'E' },
  associate: { id: SECURITY_ALERT, type: NODE_AUTHENTICATION, action: 'E' },
  store: { id: INSTANCES_TRANSFERRED, action: 'C' },
  find: { id: QUERY, action: 'E' },
  retrieve: { id: INSTANCES_TRANSFERRED, action: 'R' },
  forward: { id: INSTANCES_TRANSFERRED, action: 'R' },
  system: { id: APPLICATION_ACTIVITY, action: 'E' },
};

export function eventCodes({ action, outcome, object_type }: AuditEntry): EventCodes {
  const codes = BY_ACTION[action];
  // Who was not let tried a function that is restricted, whatever it was; a failed login stays one.
  if (outcome === 'refused' && action !== 'login') return { ...codes, id: SECURITY_ALERT, type: RESTRICTED_FUNCTION };
  if (object_type === 'audit') return action === 'system' ? codes : { id: AUDIT_LOG_USED, action: 'R' };
  if (object_type === 'patient') return { ...codes, id: PATIENT_RECORD };
  if (object_type === 'study' && action === 'delete') return { ...codes, id: STUDY_DELETED };
  return codes;
}

/** 0 success, 4 minor failure: the act was refused, 8 serious failure: it broke off. */
export function outcomeIndicator({ outcome }: AuditEntry): '0' | '4' | '8' {
  return outcome === 'success' ? '0' : outcome === 'refused' ? '4' : '8';
}

/** A network address, not an application entity title or a name. */
export function isIpAddress(source: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(source) || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(source);
}
