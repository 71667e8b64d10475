import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PatientMatch } from '../../src/contract/patients-merge.ts';
import { deletePatient, deleteStudy, restoreRecycled } from '../../src/contract/recycle-bin.ts';
import type { TestApp } from '../app.ts';
import { uid } from '../builders.ts';
import { postgresMissing } from '../postgres.ts';
import { arrive, fieldsOf, makePatient, openDatabases, patientKeyOf } from './patients-parts.ts';

const DATABASES = postgresMissing ? ['SQLite'] : ['SQLite', 'PostgreSQL'];
const A = { patientId: 'A-1', name: 'Garcia^Maria', born: '19700203' };
const B = { patientId: 'B-1', name: 'Garcia^Maria', born: '19700203' };

describe.each(DATABASES)('two records of one person on %s', (database) => {
  let app: TestApp;
  let close: () => Promise<void>;
  let databases: Awaited<ReturnType<typeof openDatabases>>;
  beforeAll(async () => {
    databases = await openDatabases(database);
  }, 120_000);
  beforeEach(async () => {
    ({ app, close } = await databases.open());
  });
  afterEach(() => close());
  afterAll(() => databases.stop());

  const post = (url: string, payload?: object) =>
    app.inject({ method: 'POST', url: `/api/v1/patients/${url}`, ...(payload ? { payload } : {}) });
  const found = async (query: Record<string, string>) =>
    (await app.inject({ url: '/api/v1/patients', query })).json().items.map(({ id }: { id: string }) => id);
  const texts = async (id: string): Promise<string[]> =>
    (await app.inject({ url: `/api/v1/patients/${id}/record` }))
      .json()
      .items.map(({ text }: { text: string }) => text)
      .sort();

  it('become one: studies, facts, documents and what arrives later follow, and come apart again as they were', async () => {
    const from = await arrive(app, { study: uid(780), ...A });
    const into = await arrive(app, { study: uid(781), ...B });
    for (const id of [from, into]) await post(`${id}/record`, { kind: 'condition', text: `of ${id}` });
    await app.upload(`/api/v1/patients/${from}/documents`, [{ name: 'a.txt', bytes: Buffer.from('text') }]);
    const before = await everything(app);

    const merge = await post(`${from}/merge`, { into });
    expect(merge.statusCode, merge.body).toBe(201);
    expect(merge.json()).toMatchObject({ patient_key: into, source_key: from, moved: { study: 1, record_entry: 1, patient_document: 1 } });
    expect([await patientKeyOf(app, uid(780)), await texts(into)]).toEqual([into, [`of ${from}`, `of ${into}`].sort()]);
    expect((await app.inject({ url: `/api/v1/patients/${from}` })).json()).toMatchObject({ merged_into: into });
    expect([await found({ q: 'A-1' }), await found({ sort: 'name' })]).toEqual([[into], [into]]);
    expect((await app.inject({ url: '/dicom-web/studies?PatientID=B-1' })).json()).toHaveLength(2);
    // More of the study that moved, and another under the old identity.
    expect(await arrive(app, { study: uid(780), number: 2, ...A })).toBe(into);
    expect(await arrive(app, { study: uid(782), ...A })).toBe(into);
    expect(await arrive(app, { study: uid(783), ...B })).toBe(into);

    const undone = await post(`${into}/merges/${merge.json().id}/undo`);
    expect(undone.json()).toMatchObject({ undone_by: expect.any(String) });
    expect(await Promise.all([780, 781, 782, 783].map((number) => patientKeyOf(app, uid(number))))).toEqual([from, into, from, into]);
    expect([await texts(from), await texts(into)]).toEqual([[`of ${from}`], [`of ${into}`]]);
    expect([await found({ q: 'A-1' }), await found({ q: 'B-1' })]).toEqual([[from], [into]]);
    expect((await post(`${into}/merges/${merge.json().id}/undo`)).statusCode).toBe(409);
    const after = await everything(app);
    for (const [table, owners] of Object.entries(before)) for (const owner of owners) expect(after[table], table).toContain(owner);
    const trail = await app.deps.db.selectFrom('audit_entry').select('operation').where('operation', 'like', '%merge%').execute();
    expect(trail.length).toBeGreaterThanOrEqual(2);
  });

  it('is done in a row, undone in the opposite order, and refused where it makes no sense', async () => {
    const [one, two, three] = await Promise.all(
      ['1', '2', '3'].map((number) => makePatient(app, { patient_id: number, name: `Person ${number}` })),
    );
    const ids = [one?.id ?? '', two?.id ?? '', three?.id ?? ''] as const;
    const first = (await post(`${ids[0]}/merge`, { into: ids[1] })).json();
    const second = (await post(`${ids[1]}/merge`, { into: ids[2] })).json();
    expect(await found({ sort: 'patient_id' })).toEqual([ids[2]]);
    expect(await found({ q: 'person 1' })).toEqual([ids[2]]);
    expect((await post(`${ids[1]}/merges/${first.id}/undo`)).statusCode).toBe(409);
    expect((await post(`${ids[2]}/merges/${second.id}/undo`)).statusCode).toBe(200);
    expect((await app.inject({ url: `/api/v1/patients/${ids[0]}` })).json()).toMatchObject({ merged_into: ids[1] });
    expect((await post(`${ids[1]}/merges/${first.id}/undo`)).statusCode).toBe(200);
    expect(await found({ sort: 'patient_id' })).toEqual([...ids]);
    for (const into of [ids[0], '00000000-0000-7000-8000-000000000000'])
      expect(fieldsOf(await post(`${ids[0]}/merge`, { into }))).toEqual(['body/into']);
    expect((await app.inject({ url: `/api/v1/patients/${ids[1]}/merges` })).json().items).toHaveLength(1);
    // The number of a record that was merged stays taken.
    await post(`${ids[0]}/merge`, { into: ids[1] });
    const again = await app.inject({ method: 'POST', url: '/api/v1/patients', payload: { patient_id: '1', name: 'Another' } });
    expect(again.statusCode).toBe(409);
  });

  it('of two who merge the same pair at once, in opposite directions, one is told', async () => {
    const one = await makePatient(app, { patient_id: '1', name: 'One' });
    const two = await makePatient(app, { patient_id: '2', name: 'Two' });
    const answers = await Promise.all([post(`${one.id}/merge`, { into: two.id }), post(`${two.id}/merge`, { into: one.id })]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
    expect(await found({ sort: 'name' })).toHaveLength(1);
  });

  it('of several who merge one record into different ones at once, exactly one succeeds, and nothing is left between', async () => {
    const from = await arrive(app, { study: uid(790), ...A });
    const others = await Promise.all(
      ['2', '3', '4', '5'].map((number) => makePatient(app, { patient_id: number, name: `Person ${number}` })),
    );
    const answers = await Promise.all(others.map(({ id }) => post(`${from}/merge`, { into: id })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409, 409]);
    const winner = answers.find(({ statusCode }) => statusCode === 201)?.json().patient_key;
    expect([await patientKeyOf(app, uid(790)), (await app.inject({ url: `/api/v1/patients/${from}` })).json().merged_into]).toEqual([
      winner,
      winner,
    ]);
    expect(await app.deps.db.selectFrom('patient_merge').select('source_key').execute()).toEqual([{ source_key: from }]);
  });

  it('of those who accept a pair in both directions, merge it, and dismiss it at once, exactly one decides', async () => {
    const one = await arrive(app, { study: uid(791), ...A });
    const two = await arrive(app, { study: uid(792), ...B });
    const match = (await app.inject({ url: '/api/v1/patients/matches' })).json().items[0];
    const answers = await Promise.all([
      post(`matches/${match.id}/accept`, { into: one }),
      post(`matches/${match.id}/accept`, { into: two }),
      post(`matches/${match.id}/dismiss`),
      post(`matches/${match.id}/dismiss`),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409, 409]);
    const merges = await app.deps.db.selectFrom('patient_merge').select('id').execute();
    const { status } = await app.deps.db.selectFrom('patient_match').select('status').executeTakeFirstOrThrow();
    expect([status, merges.length]).toEqual(status === 'accepted' ? ['accepted', 1] : ['dismissed', 0]);
  });

  it('keeps facts that both have from one source once, and both in the bin and back as one', async () => {
    const from = await makePatient(app, { patient_id: '1', name: 'One' });
    const into = await makePatient(app, { patient_id: '2', name: 'Two' });
    const entry = [{ resource: { resourceType: 'Condition', id: 'c1', subject: { reference: 'Patient/x' }, code: { text: 'Asthma' } } }];
    for (const { id } of [from, into])
      await app.inject({
        method: 'POST',
        url: `/api/v1/patients/${id}/import`,
        payload: JSON.stringify({ resourceType: 'Bundle', entry }),
        headers: { 'content-type': 'application/fhir+json' },
      });
    const merge = (await post(`${from.id}/merge`, { into: into.id })).json();
    expect(await texts(into.id)).toEqual(['Asthma']);
    const item = await app.call(deletePatient, { params: { patient_key: into.id } });
    expect(await app.deps.db.selectFrom('patient').select('id').execute()).toEqual([]);
    await app.call(restoreRecycled, { params: { id: item.id } });
    await post(`${into.id}/merges/${merge.id}/undo`);
    expect([await texts(from.id), await texts(into.id)]).toEqual([['Asthma'], ['Asthma']]);
  });

  it('a study of the one that was merged returns from the recycle bin to the other', async () => {
    const from = await arrive(app, { study: uid(784), ...A });
    await arrive(app, { study: uid(786), ...A });
    const into = await arrive(app, { study: uid(785), ...B });
    const item = await app.call(deleteStudy, { params: { study_instance_uid: uid(784) } });
    await post(`${from}/merge`, { into });
    await app.call(restoreRecycled, { params: { id: item.id } });
    expect(await patientKeyOf(app, uid(784))).toBe(into);
  });
});

describe.each(DATABASES)('records that may be of one person on %s', (database) => {
  let app: TestApp;
  let close: () => Promise<void>;
  let databases: Awaited<ReturnType<typeof openDatabases>>;
  beforeAll(async () => {
    databases = await openDatabases(database);
  }, 120_000);
  beforeEach(async () => {
    ({ app, close } = await databases.open());
  });
  afterEach(() => close());
  afterAll(() => databases.stop());

  const matches = async (status = 'open'): Promise<PatientMatch[]> =>
    (await app.inject({ url: '/api/v1/patients/matches', query: { status } })).json().items;
  const decide = (id: string, verb: string, payload?: object) =>
    app.inject({ method: 'POST', url: `/api/v1/patients/matches/${id}/${verb}`, ...(payload ? { payload } : {}) });

  it('come up for a decision by rule, and are never merged by themselves', async () => {
    const keys = [
      await arrive(app, { study: uid(790), ...A }),
      await arrive(app, { study: uid(791), ...A, name: 'Ruiz^Ana' }),
      await arrive(app, { study: uid(792), ...B }),
      await arrive(app, { study: uid(793), patientId: 'C-1', name: 'Maria^Garcia Lopez', born: '19700203' }),
      await arrive(app, { study: uid(794), patientId: 'D-1', name: 'Garcia^Maria', born: '19710203' }),
      await arrive(app, { study: uid(795), patientId: 'E-1', name: 'Nobody^Else', born: '19700203' }),
    ];
    expect(new Set(keys).size).toBe(6);
    const pairs = (await matches()).map(({ rule, patients }) => [
      rule,
      ...patients.map(({ patient_id, name }) => `${patient_id} ${name}`).sort(),
    ]);
    expect(pairs.sort()).toEqual([
      ['same-name-and-birth', 'A-1 Maria Garcia', 'B-1 Maria Garcia'],
      ['same-number', 'A-1 Ana Ruiz', 'A-1 Maria Garcia'],
      ['similar-name-and-birth', 'A-1 Maria Garcia', 'C-1 Garcia Lopez Maria'],
      ['similar-name-and-birth', 'B-1 Maria Garcia', 'C-1 Garcia Lopez Maria'],
    ]);
  });

  it('are merged when somebody accepts, and stay two when somebody dismisses, once', async () => {
    const one = await arrive(app, { study: uid(796), ...A });
    const two = await arrive(app, { study: uid(797), ...B });
    const three = await makePatient(app, { patient_id: 'C-1', name: 'Maria, Garcia', date_of_birth: '1970-02-03' });
    const open = await matches();
    expect(open).toHaveLength(3);
    const ofOneAndTwo = open.find(({ patients }) => patients.every(({ id }) => id === one || id === two));
    const ofThree = open.filter((pair) => pair !== ofOneAndTwo);
    expect(fieldsOf(await decide(ofOneAndTwo?.id ?? '', 'accept', { into: three.id }))).toEqual(['body/into']);
    expect((await decide(ofOneAndTwo?.id ?? '', 'accept', { into: two })).json()).toMatchObject({ patient_key: two, source_key: one });
    expect(await patientKeyOf(app, uid(796))).toBe(two);
    // The pair with the record that is no more of its own has gone from the list.
    const [left, ...others] = await matches();
    expect([left?.patients.map(({ id }) => id).sort(), others]).toEqual([[two, three.id].sort(), []]);
    expect((await decide(left?.id ?? '', 'dismiss')).json()).toMatchObject({ status: 'dismissed' });
    for (const verb of ['dismiss', 'accept']) expect((await decide(left?.id ?? '', verb, { into: two })).statusCode).toBe(409);
    expect([await matches(), (await matches('accepted')).length, (await matches('dismissed')).length]).toEqual([[], 1, 1]);
    expect(ofThree).toHaveLength(2);
  });
});

/** Which record each row belongs to. */
async function everything(app: TestApp): Promise<Record<string, string[]>> {
  const { db } = app.deps;
  const owners = async (table: 'record_entry' | 'patient_document') =>
    (await db.selectFrom(table).select(['id', 'patient_key']).execute()).map((row) => JSON.stringify(row));
  const studies = await db.selectFrom('study').select(['study_instance_uid', 'patient_key']).execute();
  const terms = await db.selectFrom('patient_term').select(['term', 'patient_key']).execute();
  return {
    record_entry: await owners('record_entry'),
    patient_document: await owners('patient_document'),
    study: studies.map((row) => JSON.stringify(row)),
    patient_term: terms.map((row) => JSON.stringify(row)),
  };
}
