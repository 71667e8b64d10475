import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNativeXml } from '../../src/dicom/dicom-xml.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { newWorkitem, performed, send, stateOf, WORKITEMS } from './ups-parts.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

const create = (uid: string, more = {}) => send(app, 'POST', `${WORKITEMS}?${uid}`, newWorkitem(more));
const retrieve = async (uid: string) => (await app.inject({ url: `${WORKITEMS}/${uid}` })).json()[0];
const setState = (uid: string, state: string, transaction?: string) =>
  send(app, 'PUT', `${WORKITEMS}/${uid}/state`, stateOf(state, transaction));

describe('a workitem', () => {
  it('is created under the UID that is asked for, and retrieved as it was sent with what the server adds', async () => {
    const response = await create('2.25.101');
    expect(response.statusCode, response.body).toBe(201);
    expect(response.headers.location).toMatch(/\/dicom-web\/workitems\/2\.25\.101$/);
    const json = await retrieve('2.25.101');
    expect(json).toMatchObject(newWorkitem());
    expect(json['00080016'].Value).toEqual(['1.2.840.10008.5.1.4.34.6.1']);
    expect(json['00741202'].Value).toEqual(['ISOCENTER']);
    expect(json['00741002']).toEqual({ vr: 'SQ' });
  });

  it('gets a UID where none is named, from the parameter, from the data set or from the server', async () => {
    expect((await send(app, 'POST', `${WORKITEMS}?workitem=2.25.102`, newWorkitem())).headers.location).toMatch(/2\.25\.102$/);
    const told = newWorkitem({ '00080018': { vr: 'UI', Value: ['2.25.103'] } });
    expect((await send(app, 'POST', WORKITEMS, told)).headers.location).toMatch(/2\.25\.103$/);
    const made = await send(app, 'POST', WORKITEMS, newWorkitem());
    expect(made.headers.location).toMatch(/\/2\.25\.\d{30,}$/);
  });

  it('comes and goes as XML', async () => {
    const headers = { 'content-type': 'application/dicom+xml' };
    const response = await app.inject({ method: 'POST', url: `${WORKITEMS}?2.25.104`, payload: writeNativeXml(newWorkitem()), headers });
    expect(response.statusCode, response.body).toBe(201);
    const read = await app.inject({ url: `${WORKITEMS}/2.25.104`, headers: { accept: 'application/dicom+xml' } });
    expect(read.headers['content-type']).toContain('application/dicom+xml');
    expect(read.body).toContain('Read the chest');
  });

  it('is refused a second time, in another state, without what is required, and with what is the performer’s to say', async () => {
    expect((await create('2.25.101')).statusCode).toBe(409);
    const { '00741200': _, ...incomplete } = newWorkitem();
    for (const json of [
      newWorkitem(stateOf('IN PROGRESS')),
      newWorkitem(performed()),
      newWorkitem({ '00081195': { vr: 'UI', Value: ['2.25.1'] } }),
      newWorkitem({ '00404041': { vr: 'CS', Value: ['PERHAPS'] } }),
      newWorkitem({ '00404005': { vr: 'DT', Value: ['soon'] } }),
      incomplete,
    ])
      expect((await send(app, 'POST', WORKITEMS, json)).statusCode).toBe(400);
    const text = { method: 'POST', url: WORKITEMS, payload: 'x', headers: { 'content-type': 'text/plain' } } as const;
    expect((await app.inject(text)).statusCode).toBe(415);
    const broken = { method: 'POST', url: WORKITEMS, payload: '[{', headers: { 'content-type': 'application/dicom+json' } } as const;
    expect((await app.inject(broken)).statusCode).toBe(400);
    expect((await app.inject({ url: `${WORKITEMS}/2.25.404` })).statusCode).toBe(404);
  });
});

describe('a claim', () => {
  it('is one performer’s, who alone changes the workitem from then on, and whose transaction nobody is told', async () => {
    await create('2.25.201');
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.201`, { '00741200': { vr: 'CS', Value: ['HIGH'] } })).statusCode).toBe(200);
    expect((await setState('2.25.201', 'IN PROGRESS')).statusCode).toBe(409);
    expect((await setState('2.25.201', 'COMPLETED', '2.25.7')).headers.warning).toContain("not yet in the 'IN PROGRESS' state");
    expect((await setState('2.25.201', 'IN PROGRESS', '2.25.7')).statusCode).toBe(200);
    const second = await setState('2.25.201', 'IN PROGRESS', '2.25.8');
    expect([second.statusCode, second.headers.warning]).toEqual([409, expect.stringContaining('already IN PROGRESS')]);

    const progress = { '00741002': { vr: 'SQ' as const, Value: [{ '00741004': { vr: 'DS' as const, Value: [50] } }] } };
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.201`, progress)).statusCode).toBe(409);
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.201?transaction-uid=2.25.8`, progress)).statusCode).toBe(409);
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.201?2.25.7`, progress)).statusCode).toBe(200);
    const json = await retrieve('2.25.201');
    expect(json['00741000'].Value).toEqual(['IN PROGRESS']);
    expect(json['00741200'].Value).toEqual(['HIGH']);
    expect(json['00741002'].Value[0]['00741004'].Value).toEqual([50]);
    expect(JSON.stringify(json)).not.toContain('2.25.7');
  });

  it('ends completed once everything is told, and is final', async () => {
    const early = await setState('2.25.201', 'COMPLETED', '2.25.7');
    expect([early.statusCode, early.headers.warning]).toEqual([409, expect.stringContaining('final state requirements')]);
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.201?2.25.7`, performed())).statusCode).toBe(200);
    expect((await setState('2.25.201', 'COMPLETED', '2.25.8')).statusCode).toBe(409);
    expect((await setState('2.25.201', 'COMPLETED', '2.25.7')).statusCode).toBe(200);
    const again = await setState('2.25.201', 'COMPLETED', '2.25.7');
    expect([again.statusCode, again.headers.warning]).toEqual([200, expect.stringContaining('already in the requested state')]);
    expect((await setState('2.25.201', 'CANCELED', '2.25.7')).statusCode).toBe(409);
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.201?2.25.7`, performed())).statusCode).toBe(409);
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.201/cancelrequest`)).statusCode).toBe(409);
  });

  it('ends canceled with its moment', async () => {
    await create('2.25.202');
    await setState('2.25.202', 'IN PROGRESS', '2.25.7');
    expect((await setState('2.25.202', 'CANCELED', '2.25.7')).statusCode).toBe(200);
    const json = await retrieve('2.25.202');
    expect(json['00741000'].Value).toEqual(['CANCELED']);
    expect(json['00741002'].Value[0]['00404052'].Value[0]).toMatch(/^\d{14}\+0000$/);
  });

  it('is given to one of many who ask at the same time', async () => {
    await create('2.25.203');
    const claims = await Promise.all(Array.from({ length: 8 }, (_, index) => setState('2.25.203', 'IN PROGRESS', `2.25.80${index}`)));
    expect(claims.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array(7).fill(409)]);
  });

  it('does not let the patient or the state be changed by an update, nor a wrong state be asked for', async () => {
    await create('2.25.204');
    const patient = { '00100020': { vr: 'LO' as const, Value: ['ANOTHER'] } };
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.204`, patient)).statusCode).toBe(400);
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.204`, stateOf('COMPLETED'))).statusCode).toBe(400);
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.204`)).statusCode).toBe(400);
    expect((await setState('2.25.204', 'DONE', '2.25.7')).statusCode).toBe(400);
    expect((await setState('2.25.204', 'SCHEDULED', '2.25.7')).statusCode).toBe(409);
    expect((await setState('2.25.404', 'IN PROGRESS', '2.25.7')).statusCode).toBe(404);
  });
});

describe('a request to cancel', () => {
  it('cancels what nobody has claimed, with the reason', async () => {
    await create('2.25.301');
    const reason = { '00741238': { vr: 'LT' as const, Value: ['Ordered twice'] } };
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.301/cancelrequest`, reason)).statusCode).toBe(202);
    const json = await retrieve('2.25.301');
    expect(json['00741000'].Value).toEqual(['CANCELED']);
    expect(json['00741002'].Value[0]['00741238'].Value).toEqual(['Ordered twice']);
  });

  it('fails where the performer listens to nothing', async () => {
    await create('2.25.302');
    await setState('2.25.302', 'IN PROGRESS', '2.25.7');
    const response = await send(app, 'POST', `${WORKITEMS}/2.25.302/cancelrequest`);
    expect([response.statusCode, response.headers.warning]).toEqual([409, expect.stringContaining('cannot be contacted')]);
  });
});

describe('a search', () => {
  const search = async (query: string): Promise<string[]> => {
    const response = await app.inject({ url: `${WORKITEMS}?${query}` });
    if (response.statusCode === 204) return [];
    expect(response.statusCode, response.body).toBe(200);
    return response.json().map((json: Record<string, { Value: string[] }>) => json['00080018']?.Value[0]);
  };

  beforeAll(async () => {
    for (const [index, state] of ['READY', 'INCOMPLETE', 'READY'].entries())
      await create(`2.25.40${index}`, {
        '00404041': { vr: 'CS', Value: [state] },
        '00404005': { vr: 'DT', Value: [`2031010${3 - index}120000+0000`] },
        '00741202': { vr: 'LO', Value: ['SEARCHED'] },
      });
  });

  it('finds by state, label, sequence item and moment, in the order of the schedule', async () => {
    expect(await search('WorklistLabel=SEARCHED')).toEqual(['2.25.402', '2.25.401', '2.25.400']);
    expect(await search('WorklistLabel=SEARCH*&InputReadinessState=READY&ProcedureStepState=SCHEDULED')).toEqual(['2.25.402', '2.25.400']);
    expect(await search('00404005=20310102-&WorklistLabel=SEARCHED')).toEqual(['2.25.401', '2.25.400']);
    expect(await search('WorklistLabel=SEARCHED&InputInformationSequence.StudyInstanceUID=2.25.911')).toHaveLength(3);
    expect(await search('WorklistLabel=SEARCHED&InputInformationSequence.StudyInstanceUID=2.25.912')).toEqual([]);
    expect(await search('PatientName=work*&SOPInstanceUID=2.25.400')).toEqual(['2.25.400']);
  });

  it('answers in pages, as XML where asked, and refuses what is no attribute', async () => {
    expect(await search('WorklistLabel=SEARCHED&limit=1&offset=1')).toEqual(['2.25.401']);
    const xml = await app.inject({
      url: `${WORKITEMS}?WorklistLabel=SEARCHED`,
      headers: { accept: 'multipart/related; type="application/dicom+xml"' },
    });
    expect(xml.body.match(/<NativeDicomModel/g)).toHaveLength(3);
    expect((await app.inject({ url: `${WORKITEMS}?Moon=full` })).statusCode).toBe(400);
  });
});

it('leaves an entry of the audit trail for each change, under the workitem’s UID', async () => {
  await app.inject({ url: '/api/v1/studies' });
  const rows = await app.deps.db.selectFrom('audit_entry').selectAll().execute();
  expect(rows.some((row) => JSON.stringify(row).includes('2.25.201'))).toBe(true);
});
