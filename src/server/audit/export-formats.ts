import type { AuditFormat } from '../../contract/audit.ts';
import { type AuditSource, toDicomXml } from './dicom-xml.ts';
import { type ExportDeps, exportLines, findChainSpan, readChain, type Span } from './export-lines.ts';
import { toFhirAuditEvent } from './fhir-audit-event.ts';

export const MEDIA_TYPES: Record<AuditFormat, string> = {
  ndjson: 'application/x-ndjson',
  fhir: 'application/fhir+ndjson',
  'dicom-xml': 'application/xml; charset=utf-8',
};

/** The trail in one of its formats, piece by piece. */
export async function* exportAs(format: AuditFormat, deps: ExportDeps & { sourceId: string }, span: Span): AsyncGenerator<string> {
  const source = { sourceId: deps.sourceId, tenantId: deps.tenantId };
  if (format === 'ndjson') yield* exportLines(deps, span);
  else if (format === 'fhir') yield* asFhir(deps, source, span);
  else yield* asDicomXml(deps, source, span);
}

async function* asFhir({ db, tenantId }: ExportDeps, source: AuditSource, span: Span): AsyncGenerator<string> {
  for await (const page of readChain(db, tenantId, await findChainSpan(db, span)))
    yield page.map((entry) => `${JSON.stringify(toFhirAuditEvent(entry, source))}\n`).join('');
}

/** The standard knows single messages; `AuditMessages` only holds them together. */
async function* asDicomXml({ db, tenantId }: ExportDeps, source: AuditSource, span: Span): AsyncGenerator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<AuditMessages>\n';
  for await (const page of readChain(db, tenantId, await findChainSpan(db, span)))
    yield page.map((entry) => `${toDicomXml(entry, source)}\n`).join('');
  yield '</AuditMessages>\n';
}
