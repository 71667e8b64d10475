import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { WebSocket } from 'ws';
import { type DicomJson, stringifyDicomJson } from '../../src/dicom/dicom-json.ts';
import type { TestApp } from '../app.ts';

export const JSON_TYPE = 'application/dicom+json';
export const WORKITEMS = '/dicom-web/workitems';

const code = (value: string, meaning: string): DicomJson => ({
  '00080100': { vr: 'SH', Value: [value] },
  '00080102': { vr: 'SH', Value: ['99TEST'] },
  '00080104': { vr: 'LO', Value: [meaning] },
});

/** A workitem as a system that schedules work sends it. */
export function newWorkitem(more: DicomJson = {}): DicomJson {
  return {
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Work^Item' }] },
    '00100020': { vr: 'LO', Value: ['UPS-1'] },
    '00404005': { vr: 'DT', Value: ['20300102120000+0000'] },
    '00404018': { vr: 'SQ', Value: [code('110004', 'Computer Aided Detection')] },
    '00404021': {
      vr: 'SQ',
      Value: [{ '0020000D': { vr: 'UI', Value: ['2.25.911'] }, '0040E020': { vr: 'CS', Value: ['DICOM'] } }],
    },
    '00404041': { vr: 'CS', Value: ['READY'] },
    '00741000': { vr: 'CS', Value: ['SCHEDULED'] },
    '00741200': { vr: 'CS', Value: ['MEDIUM'] },
    '00741204': { vr: 'LO', Value: ['Read the chest'] },
    ...more,
  };
}

/** What a performer tells of completed work. */
export function performed(): DicomJson {
  const item: DicomJson = {
    '00404019': { vr: 'SQ', Value: [code('110004', 'Computer Aided Detection')] },
    '00404028': { vr: 'SQ', Value: [code('AI-1', 'A station')] },
    '00404033': { vr: 'SQ' },
    '00404050': { vr: 'DT', Value: ['20300102120000+0000'] },
    '00404051': { vr: 'DT', Value: ['20300102120500+0000'] },
  };
  return { '00741216': { vr: 'SQ', Value: [item] } };
}

export const stateOf = (state: string, transaction?: string): DicomJson => ({
  '00741000': { vr: 'CS', Value: [state] },
  ...(transaction ? { '00081195': { vr: 'UI', Value: [transaction] } } : {}),
});

/** Sends a data set as DICOM JSON. */
export function send(app: TestApp, method: 'POST' | 'PUT', url: string, json?: DicomJson): Promise<LightMyRequestResponse> {
  if (!json) return app.inject({ method, url });
  return app.inject({ method, url, payload: `[${stringifyDicomJson(json)}]`, headers: { 'content-type': JSON_TYPE } });
}

export type Channel = { next(): Promise<DicomJson>; close(): Promise<void> };

/** The event channel of a subscriber. @throws {Error} if the server refuses it */
export async function openChannel(http: FastifyInstance, aeTitle: string, headers: Record<string, string>): Promise<Channel> {
  const address = http.server.listening ? addressOf(http) : await http.listen({ host: '127.0.0.1', port: 0 });
  const socket = new WebSocket(`${address.replace('http', 'ws')}/dicom-web/subscribers/${aeTitle}`, { headers });
  const messages: DicomJson[] = [];
  const waiting: ((message: DicomJson) => void)[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    const waits = waiting.shift();
    if (waits) waits(message);
    else messages.push(message);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  return {
    next: () => {
      const message = messages.shift();
      return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve));
    },
    close: () =>
      new Promise((resolve) => {
        socket.once('close', () => resolve());
        socket.close();
      }),
  };
}

function addressOf(http: FastifyInstance): string {
  const address = http.server.address();
  return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
}
