import { connect, type Socket } from 'node:net';
import type { DataSet } from '../src/dicom/data-set.ts';
import { parsePart10 } from '../src/dicom/parse.ts';
import { ExplicitVrLittleEndian, ImplicitVrLittleEndian } from '../src/dicom/uids.ts';
import { writeDataSet } from '../src/dicom/write.ts';
import { APPLICATION_CONTEXT, type ProposedContext } from '../src/server/dimse/associate-items.ts';
import type { Association, Response } from '../src/server/dimse/association.ts';
import { openAssociation } from '../src/server/dimse/client.ts';
import { requestOf, writeCommand } from '../src/server/dimse/message.ts';
import { writeData, writePdu } from '../src/server/dimse/pdu.ts';
import { OWN_TITLE, PEER } from './dicom-node.ts';

export const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
export const VERIFICATION = '1.2.840.10008.1.1';
/** 1: verification; 3: Secondary Capture in explicit little endian. */
export const CONTEXTS: ProposedContext[] = [
  { id: 1, abstractSyntax: VERIFICATION, transferSyntaxes: [ImplicitVrLittleEndian] },
  { id: 3, abstractSyntax: SECONDARY_CAPTURE, transferSyntaxes: [ExplicitVrLittleEndian] },
];

/** An association to the server as `callingAe`. */
export function associate(port: number, { callingAe = PEER, contexts = CONTEXTS } = {}): Promise<Association> {
  return openAssociation({ ae_title: OWN_TITLE, host: '127.0.0.1', port, tls: 0 }, { callingAe, contexts });
}

export type Sending = { sopClassUid?: string; sopInstanceUid?: string; contextId?: number };

/** C-STORE of a file's data set, under the names that it has or that it shall claim. */
export function store(association: Association, file: Uint8Array, claimed: Sending = {}): Promise<Response> {
  const { fields, bytes } = storeRequest(file, claimed);
  return association.request(claimed.contextId ?? 3, 'c-store', fields, [bytes]);
}

/** The bytes of a conversation: association request, C-ECHO, C-STORE of the file, release. */
export function conversation(file: Uint8Array): Uint8Array[] {
  const { fields, bytes } = storeRequest(file, {});
  const echo = requestOf('c-echo', 1, { hasData: false, fields: { '00000002': { vr: 'UI', Value: [VERIFICATION] } } });
  return [
    associateRequest(),
    writeData(1, { isCommand: true, isLast: true }, writeCommand(echo)),
    writeData(3, { isCommand: true, isLast: true }, writeCommand(requestOf('c-store', 2, { hasData: true, fields }))),
    writeData(3, { isCommand: false, isLast: true }, bytes),
    writePdu({ type: 'release-request' }),
  ];
}

export function associateRequest(callingAe = PEER): Uint8Array {
  return writePdu({
    type: 'associate-request',
    protocolVersion: 1,
    calledAe: OWN_TITLE,
    callingAe,
    applicationContext: APPLICATION_CONTEXT,
    contexts: CONTEXTS,
    user: { maxPduLength: 16_384, implementationClassUid: '2.25.1', implementationVersionName: 'TEST', roles: [] },
  });
}

/** A bare connection, and everything that came back over it. */
export type Wire = {
  socket: Socket;
  received(): Buffer;
  /** Resolves when at least so many bytes came back. */
  until(count: number): Promise<void>;
  closed: Promise<void>;
};

export async function openWire(port: number): Promise<Wire> {
  const socket = connect({ host: '127.0.0.1', port });
  let bytes = Buffer.alloc(0);
  let tell: () => void = () => undefined;
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    tell();
  });
  // A reset is one way in which a server ends what it does not like.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const until = (count: number): Promise<void> =>
    new Promise((resolve, reject) => {
      tell = () => {
        if (bytes.length >= count) resolve();
      };
      void closed.then(() => reject(new Error(`The connection ended after ${bytes.length} bytes`)));
      tell();
    });
  return { socket, received: () => bytes, until, closed };
}

function storeRequest(file: Uint8Array, { sopClassUid, sopInstanceUid }: Sending): { fields: DataSet; bytes: Uint8Array } {
  const { dataSet } = parsePart10(file);
  const named = (tag: string, claimed: string | undefined): DataSet[string] => ({
    vr: 'UI',
    Value: [claimed ?? String(dataSet[tag]?.Value?.[0])],
  });
  const fields: DataSet = {
    '00000002': named('00080016', sopClassUid),
    '00000700': { vr: 'US', Value: [0] },
    '00001000': named('00080018', sopInstanceUid),
  };
  return { fields, bytes: writeDataSet(dataSet, ExplicitVrLittleEndian) };
}
