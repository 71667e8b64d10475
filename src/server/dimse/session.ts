import type { Association } from './association.ts';
import type { Grants, LocalNode } from './negotiate.ts';
import type { PeerAudit } from './peer-audit.ts';

/** Where lines of the log go. Never patient data: titles of applications, addresses, counts and statuses only. */
export type DicomLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** What the handlers of one association know of it. */
export type Session = {
  association: Association;
  callingAe: string;
  /** Undefined for an application that nobody listed. */
  peerId: string | undefined;
  grants: Grants;
  node: LocalNode;
  log: DicomLog;
  audit: PeerAudit;
};
