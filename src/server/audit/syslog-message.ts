import type { AuditEntry } from '../../contract/audit.ts';
import { type AuditSource, toDicomXml } from './dicom-xml.ts';
import { outcomeIndicator } from './event-codes.ts';

/** Facility 10 (security/authorization messages), as PS3.15 A.6 asks for. */
const FACILITY = 10;
/** Notice for what succeeded, warning for the rest. */
const SEVERITY = { '0': 5, '4': 4, '8': 4 } as const;
const MESSAGE_ID = 'DICOM+RFC3881';
const BYTE_ORDER_MARK = '\uFEFF';

export type SyslogOrigin = AuditSource & { hostname: string; processId: string };

/** An entry as a syslog message (RFC 5424) that holds a DICOM audit message (PS3.15 A.6), framed by its length for TLS (RFC 5425 4.3). */
export function syslogFrame(entry: AuditEntry, origin: SyslogOrigin): Buffer {
  const priority = FACILITY * 8 + SEVERITY[outcomeIndicator(entry)];
  const header = [`<${priority}>1`, entry.at, token(origin.hostname, 255), 'isocenter', token(origin.processId, 128), MESSAGE_ID, '-'];
  const message = Buffer.from(`${header.join(' ')} ${BYTE_ORDER_MARK}${toDicomXml(entry, origin)}`);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

/** Printable ASCII without spaces; "-" for nothing (RFC 5424 6). */
function token(text: string, maxLength: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, maxLength) || '-';
}
