import { connect } from 'node:net';
import type { DataSet } from '../src/dicom/data-set.ts';
import { APPLICATION_CONTEXT, type AssociateAccept } from '../src/server/dimse/associate-items.ts';
import { parseCommand, readCommandHead, requestOf, writeCommand } from '../src/server/dimse/message.ts';
import { PDV_HEADER_BYTES, writeData, writePdu } from '../src/server/dimse/pdu.ts';
import { openPduDecoder, type PduEvent } from '../src/server/dimse/pdu-decoder.ts';

// The DICOM client of the benchmarks, in a process of its own. Every PDU is made before the clock starts and written in one piece, so that
// the client takes as little of the CPUs as a client can; the next object is sent when the response to the one before has come.

/** What C-STORE sends of a Part 10 file: its data set without the file meta group, as bytes. */
export type StoreObject = { sopClassUid: string; sopInstanceUid: string; transferSyntaxUid: string; dataSet: Uint8Array };
/** One list of objects for each association; all are open at the same time. */
export type StoreOrder = { host: string; port: number; calledAe: string; callingAe: string; associations: StoreObject[][] };
export type StoreResult = { seconds: number } | { problem: string };

/** Largest data PDU that is sent, whatever more the peer takes. */
const MAX_PDU_BYTES = 131_072;
const CONTEXT = 1;

// The parent sends only orders.
process.on('message', async (order: StoreOrder) => {
  const result: StoreResult = await run(order).catch((error: unknown) => ({
    problem: error instanceof Error ? error.message : String(error),
  }));
  process.send?.(result);
});
process.on('disconnect', () => process.exit(0));

async function run(order: StoreOrder): Promise<StoreResult> {
  const lanes = await Promise.all(order.associations.map((objects) => openLane(order, objects)));
  const from = performance.now();
  await Promise.all(lanes.map((lane) => lane.sendAll()));
  const seconds = (performance.now() - from) / 1000;
  await Promise.all(lanes.map((lane) => lane.release()));
  return { seconds };
}

type Lane = { sendAll(): Promise<void>; release(): Promise<void> };

async function openLane({ host, port, calledAe, callingAe }: StoreOrder, objects: StoreObject[]): Promise<Lane> {
  const [first] = objects;
  if (!first) throw new Error('Nothing to send');
  const socket = connect({ host, port, noDelay: true });
  const decoder = openPduDecoder(MAX_PDU_BYTES);
  let waiting: PromiseWithResolvers<PduEvent> | undefined;
  let response: Uint8Array[] = [];
  socket.on('data', (chunk) => {
    decoder.push(chunk);
    for (let event = decoder.next(); event; event = decoder.next()) {
      if (event.type === 'fragment') {
        response.push(event.bytes);
        if (!event.isLast) continue;
        event = { ...event, bytes: Buffer.concat(response) };
        response = [];
      }
      waiting?.resolve(event);
    }
  });
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('close', () => waiting?.reject(new Error('The server ended the association')));
  const ask = (bytes: Uint8Array): Promise<PduEvent> => {
    waiting = Promise.withResolvers();
    socket.write(bytes);
    return waiting.promise;
  };

  const accepted = await ask(associateRequest({ calledAe, callingAe, first }));
  if (accepted.type !== 'associate-accept') throw new Error(`The association was not accepted: ${accepted.type}`);
  const requests = objects.map((object, index) => storeRequest(object, index + 1, pduLimitOf(accepted)));
  return {
    async sendAll() {
      for (const request of requests) {
        const response = await ask(request);
        if (response.type !== 'fragment') throw new Error(`The server answered with ${response.type}`);
        const { status } = readCommandHead(parseCommand(response.bytes));
        if (status !== 0) throw new Error(`An object was refused with status ${status.toString(16)}`);
      }
    },
    async release() {
      await ask(writePdu({ type: 'release-request' }));
      socket.destroy();
    },
  };
}

function associateRequest({ calledAe, callingAe, first }: { calledAe: string; callingAe: string; first: StoreObject }): Uint8Array {
  return writePdu({
    type: 'associate-request',
    protocolVersion: 1,
    calledAe,
    callingAe,
    applicationContext: APPLICATION_CONTEXT,
    contexts: [{ id: CONTEXT, abstractSyntax: first.sopClassUid, transferSyntaxes: [first.transferSyntaxUid] }],
    user: { maxPduLength: MAX_PDU_BYTES, implementationClassUid: '2.25.1', implementationVersionName: 'BENCH', roles: [] },
  });
}

function pduLimitOf({ user }: AssociateAccept): number {
  return Math.min(user.maxPduLength || MAX_PDU_BYTES, MAX_PDU_BYTES) - PDV_HEADER_BYTES;
}

/** Command and data set as the bytes that go over the connection. */
function storeRequest(object: StoreObject, messageId: number, pduLimit: number): Uint8Array {
  const fields: DataSet = {
    '00000002': { vr: 'UI', Value: [object.sopClassUid] },
    '00000700': { vr: 'US', Value: [0] },
    '00001000': { vr: 'UI', Value: [object.sopInstanceUid] },
  };
  const command = writeCommand(requestOf('c-store', messageId, { hasData: true, fields }));
  const pdus = [writeData(CONTEXT, { isCommand: true, isLast: true }, command)];
  for (let at = 0; at < object.dataSet.length; at += pduLimit) {
    const isLast = at + pduLimit >= object.dataSet.length;
    pdus.push(writeData(CONTEXT, { isCommand: false, isLast }, object.dataSet.subarray(at, at + pduLimit)));
  }
  return Buffer.concat(pdus);
}
