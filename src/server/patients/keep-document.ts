import { Readable } from 'node:stream';
import type { PatientDocument } from '../../contract/patients-documents.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import { type StoreDeps, storeInstance } from '../studies/store-instance.ts';
import { dropBlobs } from '../studies/sweep-blobs.ts';
import { type DocumentRow, deleteDocumentRow, findDocument, insertDocument, listDocumentRows } from './document-repository.ts';
import { canBeSaid, encapsulatePdf } from './encapsulate-pdf.ts';
import { birthDateOf, requireTexts } from './person.ts';
import type { PatientRow } from './repository.ts';
import { refuseOnHold } from './retention-holds.ts';
import { requirePatient } from './save-patient.ts';
import { sniffDocument } from './sniff-document.ts';

/** Largest document. It is held in memory to be looked into and to be wrapped. */
export const MAX_DOCUMENT_BYTES = 52_428_800;
const MAX_TITLE = 200;

export type DocumentDeps = StoreDeps & { db: Db };
export type IncomingDocument = { name: string; content: AsyncIterable<Uint8Array>; fields: Readonly<Record<string, string>> };

/**
 * Takes a document of a patient. A PDF is stored as a DICOM object as well, through the door of all objects.
 *
 * @throws {AppError} `patient-not-found`, `unsupported-media-type`, `too-large`, `infected`, `invalid-request` with the form fields,
 * `wrong-state` for a record that was merged
 */
export async function keepDocument(
  deps: DocumentDeps,
  { patientKey, document, principal }: { patientKey: string; document: IncomingDocument; principal: Principal },
): Promise<PatientDocument> {
  const patient = await requirePatient(deps.db, patientKey);
  if (patient.merged_into !== null) throw new AppError('wrong-state', 'The record was merged into another, which is the one to add to');
  const at = deps.now();
  const said = describe(document, at);
  const bytes = await readWhole(deps.scan?.(document.content) ?? document.content);
  const media_type = sniffDocument(bytes);
  if (!media_type)
    throw new AppError('unsupported-media-type', 'Documents are PDF, PNG, JPEG, plain text, FHIR JSON or CDA; this is none of them');
  const blob = await deps.blobs.put(Readable.from([bytes]));
  const object = media_type === 'application/pdf' ? await storePdf(deps, patient, { ...said, bytes, at }) : NO_OBJECT;
  const row: DocumentRow = {
    id: newId(at),
    patient_key: patientKey,
    title: said.title,
    category: said.category,
    document_date: said.date,
    media_type,
    size: bytes.byteLength,
    blob_key: blob.key,
    ...object,
    uploaded_by: principal.user_id,
    created_at: at.toISOString(),
  };
  await deps.db.transaction().execute(async (tx) => {
    await insertDocument(tx, row);
    tellAudit(tx, { patient_id: patientKey, details: { media_type } });
    await appendEvent(tx, { type: 'document_added', at: row.created_at, ids: { patient_key: patientKey, document_id: row.id } });
  });
  return documentOf(row);
}

/** @throws {AppError} `not-found` */
export async function requireDocument(db: Db, patientKey: string, id: string): Promise<DocumentRow> {
  const row = await findDocument(db, patientKey, id);
  if (!row) throw new AppError('not-found', `No document ${id} of this patient`);
  return row;
}

/** Removes a document for good. @throws {AppError} `not-found`, `on-hold` */
export async function removeDocument(
  { db, blobs, now }: { db: Db; blobs: BlobStore; now: () => Date },
  { patientKey, id }: { patientKey: string; id: string },
): Promise<void> {
  const row = await requireDocument(db, patientKey, id);
  await db.transaction().execute(async (tx) => {
    await refuseOnHold(tx, patientKey);
    await deleteDocumentRow(tx, id);
    tellAudit(tx, { patient_id: patientKey });
    await appendEvent(tx, { type: 'document_removed', at: now().toISOString(), ids: { patient_key: patientKey, document_id: id } });
  });
  await dropBlobs({ db, blobs, now }, [row.blob_key]);
}

/** A page of the documents of a patient, the newest first. */
export async function listDocuments(
  db: Db,
  patientKey: string,
  { limit = 50, cursor }: { limit?: number; cursor?: string },
): Promise<{ items: PatientDocument[]; next_cursor: string | null }> {
  const rows = await listDocumentRows(db, patientKey, { before: cursor, limit: limit + 1 });
  const items = rows.slice(0, limit).map(documentOf);
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** A row as the contract has it. */
export function documentOf({ blob_key: _, ...row }: DocumentRow): PatientDocument {
  return { ...row, size: Number(row.size) };
}

const NO_OBJECT = { study_instance_uid: null, sop_instance_uid: null };

async function storePdf(
  deps: DocumentDeps,
  patient: PatientRow,
  document: Parameters<typeof encapsulatePdf>[1],
): Promise<Pick<DocumentRow, 'study_instance_uid' | 'sop_instance_uid'>> {
  if (!canBeSaid(patient)) return NO_OBJECT;
  const { part10 } = encapsulatePdf(patient, document);
  // What was scanned need not be scanned again in its wrapping.
  const { study_instance_uid, sop_instance_uid } = await storeInstance({ ...deps, scan: undefined }, Readable.from([part10]));
  return { study_instance_uid, sop_instance_uid };
}

type Said = { title: string; category: string | null; date: string | null };

/** What the form fields say; without a title the name of the file, without its folders. */
function describe({ name, fields }: IncomingDocument, now: Date): Said {
  const title = (fields['title'] ?? name.split(/[\\/]/).at(-1) ?? '').normalize('NFC').trim() || 'Document';
  const category = fields['category']?.normalize('NFC').trim() || null;
  const date = fields['date']?.trim() || null;
  for (const [field, text] of Object.entries({ title, category }))
    if (text !== null && [...text].length > MAX_TITLE)
      throw new AppError('invalid-request', 'Some fields are not valid', { fields: [{ field, message: `up to ${MAX_TITLE} characters` }] });
  requireTexts({ title, category }, 'body');
  if (date !== null) birthDateOf(date, { now, field: 'date' });
  return { title, category, date };
}

async function readWhole(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    if (size > MAX_DOCUMENT_BYTES) throw new AppError('too-large', `A document may have ${MAX_DOCUMENT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
