import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { type PostgresServer, startPostgres } from '../postgres.ts';
import { partsOf } from './dicomweb-parts.ts';
import { CHEST, DATABASES, type Result } from './dicomweb-search-objects.ts';

const CT = uid(810);
const MR = uid(811);

for (const { name, skip } of DATABASES)
  describe.skipIf(skip)(`QIDO-RS on ${name}`, () => {
    let app: TestApp;
    let postgres: PostgresServer | undefined;
    beforeAll(async () => {
      postgres = name === 'SQLite' ? undefined : await startPostgres();
      const database = await postgres?.openDatabase({ migrated: false });
      await database?.db.destroy();
      app = await openTestApp(database ? { databaseUrl: database.url } : {});
      const image = (study: string, [series, instance]: [number, number], more: DataSet, modality = 'CT') =>
        secondaryCapture({
          study,
          series: `${study}.${series}`,
          instance: `${study}.${series}.${instance}`,
          patientId: study === CT ? 'PAT-1' : 'PAT-2',
          patientName: study === CT ? 'Doe^Jane' : 'Roe^Richard',
          modality,
          more: {
            '00200011': { vr: 'IS', Value: [series] },
            '00200013': { vr: 'IS', Value: [instance] },
            '0008103E': { vr: 'LO', Value: [`Series ${series}`] },
            '00180050': { vr: 'DS', Value: [instance * 1.5] },
            '0008002A': { vr: 'DT', Value: [`2024011510${instance}000+0100`] },
            '00081140': { vr: 'SQ', Value: [] },
            ...more,
          },
        });
      const files = [
        // The last series first: answers are ordered by number, not by arrival.
        ...[3, 2, 1].map((instance) => image(CT, [2, instance], CHEST)),
        ...[1, 2].map((instance) => image(CT, [1, instance], CHEST, 'SR')),
        image(MR, [1, 1], { '00081030': { vr: 'LO', Value: ['MR Head'] } }, 'MR'),
      ];
      const response = await app.upload(
        '/api/v1/studies',
        files.map((bytes) => ({ name: 'x.dcm', bytes })),
      );
      expect(response.json(), response.body).toMatchObject({ stored: 6 });
    });
    afterAll(async () => {
      await app?.close();
      await postgres?.stop();
    });

    const search = async (path: string): Promise<Result[]> => {
      const response = await app.inject({ url: `/dicom-web/${path}` });
      expect(response.statusCode, response.body).toBeOneOf([200, 204]);
      return response.statusCode === 204 ? [] : response.json();
    };
    const valuesOf = (results: Result[], tag: string) => results.map((result) => result[tag]?.Value?.[0]);

    describe('a search for studies', () => {
      it('gives the attributes of PS3.18 table 10.6.3-3, counted, in the JSON model', async () => {
        const response = await app.inject({ url: '/dicom-web/studies?PatientID=PAT-1' });
        expect(response.headers['content-type']).toBe('application/dicom+json');
        expect(response.json()).toEqual([
          {
            '00080020': { vr: 'DA', Value: ['20240115'] },
            '00080030': { vr: 'TM', Value: ['101500'] },
            '00080050': { vr: 'SH', Value: ['ACC-7'] },
            '00080056': { vr: 'CS', Value: ['ONLINE'] },
            '00080061': { vr: 'CS', Value: ['CT', 'SR'] },
            '00080090': { vr: 'PN', Value: [{ Alphabetic: 'Overseer^Olga' }] },
            '00081030': { vr: 'LO', Value: ['CT Chest'] },
            '00081190': { vr: 'UR', Value: [`http://localhost:80/dicom-web/studies/${CT}`] },
            '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
            '00100020': { vr: 'LO', Value: ['PAT-1'] },
            '00100030': { vr: 'DA', Value: ['19700101'] },
            '00100040': { vr: 'CS', Value: ['F'] },
            '0020000D': { vr: 'UI', Value: [CT] },
            '00200010': { vr: 'SH', Value: ['S7'] },
            '00201206': { vr: 'IS', Value: [2] },
            '00201208': { vr: 'IS', Value: [5] },
          },
        ]);
      });

      it('leaves what is empty without a value, and answers 204 where nothing matches', async () => {
        const [study] = await search('studies?00100020=PAT-2');
        expect(study?.['00080050']).toEqual({ vr: 'SH' });
        expect(study?.['00100030']).toEqual({ vr: 'DA' });
        const none = await app.inject({ url: '/dicom-web/studies?PatientID=nobody' });
        expect([none.statusCode, none.body]).toEqual([204, '']);
      });

      it('includes what is asked for if it belongs to the study: all of it, or by keyword and tag', async () => {
        const [named] = await search('studies?PatientID=PAT-1&includefield=00101010,Modality&includefield=AdmittingDiagnosesDescription');
        expect(named?.['00101010']).toEqual({ vr: 'AS', Value: ['054Y'] });
        expect(named?.['00081080']).toEqual({ vr: 'LO', Value: ['Cough'] });
        expect(named?.['00080060']).toBeUndefined();
        const [all] = await search('studies?PatientID=PAT-1&includefield=all');
        expect(all?.['00081080']).toEqual({ vr: 'LO', Value: ['Cough'] });
        expect(Object.keys(all ?? {}).filter((tag) => ['00080018', '0020000E', '00280010', '00020010', '7FE00010'].includes(tag))).toEqual(
          [],
        );
      });

      it('finds person names in any case, without accents, by component, and fuzzily by words in any order', async () => {
        const found = async (key: string) => valuesOf(await search(`studies?${key}`), '00100020');
        expect(await found('PatientName=dOE')).toEqual(['PAT-1']);
        expect(await found('PatientName=Doe^j*')).toEqual(['PAT-1']);
        expect(await found('PatientName=^Richard')).toEqual(['PAT-2']);
        expect(await found('PatientName=*oe*')).toEqual(['PAT-2', 'PAT-1']);
        expect(await found('PatientName=jane doe')).toEqual([]);
        expect(await found('PatientName=jane doe&fuzzymatching=true')).toEqual(['PAT-1']);
        expect(await found('PatientName=*ichar*&fuzzymatching=true')).toEqual(['PAT-2']);
        expect(await found('ReferringPhysicianName=overseer')).toEqual(['PAT-1']);
        expect(await found('ReferringPhysicianName=olga over&fuzzymatching=true')).toEqual(['PAT-1']);
      });

      it('tells with a warning which keys it did not match, and that there is more', async () => {
        const unmatched = await app.inject({ url: '/dicom-web/studies?Modality=CT&limit=1' });
        expect(unmatched.json().length).toBe(1);
        expect(unmatched.headers['warning']).toEqual([
          '299 http://localhost:80/dicom-web "Modality cannot be matched here and was not matched"',
          '299 http://localhost:80/dicom-web "There are additional results that can be requested"',
        ]);
        const second = await app.inject({ url: '/dicom-web/studies?limit=1&offset=1' });
        expect(second.headers['warning']).toBeUndefined();
        expect(valuesOf([...unmatched.json(), ...second.json()], '00100020')).toEqual(['PAT-2', 'PAT-1']);
      });

      it('matches attributes without a column over all studies, and gives what it matched', async () => {
        const [study, ...others] = await search('studies?PatientAge=054Y');
        expect(others).toEqual([]);
        expect(study?.['00101010']).toEqual({ vr: 'AS', Value: ['054Y'] });
        expect(await search('studies?PatientAge=055Y')).toEqual([]);
        expect(valuesOf(await search('studies?AdmittingDiagnosesDescription=C*'), '00100020')).toEqual(['PAT-1']);
        expect(valuesOf(await search('studies?NumberOfStudyRelatedInstances=5'), '00100020')).toEqual(['PAT-1']);
      });

      it('takes a date and a time of the same form as one range of moments', async () => {
        const found = async (key: string) => valuesOf(await search(`studies?${key}`), '00100020');
        expect(await found('StudyDate=20240114-20240116&StudyTime=12-08')).toEqual(['PAT-1']);
        expect(await found('StudyDate=20240115-20240116&StudyTime=1016-08')).toEqual([]);
        expect(await found('StudyDate=20240115-&StudyTime=101500-')).toEqual(['PAT-1']);
        expect(await found('StudyDate=-20240115&StudyTime=-1014')).toEqual([]);
        expect(await found('StudyDate=20240115&StudyTime=10-11')).toEqual(['PAT-1']);
      });

      it('asks each value of a list for itself if told so', async () => {
        const found = async (key: string) => valuesOf(await search(`studies?${key}`), '00100020');
        expect(await found('ModalitiesInStudy=CT,MR')).toEqual(['PAT-2', 'PAT-1']);
        expect(await found('ModalitiesInStudy=CT,MR&multiplevaluematching=true')).toEqual([]);
        expect(await found('ModalitiesInStudy=CT%5CSR&multiplevaluematching=true')).toEqual(['PAT-1']);
      });

      it('refuses parameters that are no attribute, and keys that are none of their kind, without repeating the key', async () => {
        for (const query of [
          'NoSuchThing=1',
          'StudyDate=Miller',
          'StudyTime=25',
          'StudyInstanceUID=Miller',
          'limit=-1',
          'includefield=Miller',
          'PatientID=a&PatientID=b',
        ]) {
          const response = await app.inject({ url: `/dicom-web/studies?${query}` });
          expect(response.statusCode, query).toBe(400);
          expect(response.headers['content-type'], query).toContain('application/problem+json');
          expect(response.body, query).not.toContain('Miller');
        }
      });

      it('answers in XML parts, in JSON to who accepts anything, and otherwise 406', async () => {
        const accept = 'multipart/related; type="application/dicom+xml"';
        const parts = partsOf(await app.inject({ url: '/dicom-web/studies', headers: { accept } }));
        expect(parts.map(({ headers }) => headers['content-type'])).toEqual(['application/dicom+xml', 'application/dicom+xml']);
        expect(parts[1]?.body.toString()).toContain(
          '<PersonName number="1"><Alphabetic><FamilyName>Doe</FamilyName><GivenName>Jane</GivenName></Alphabetic></PersonName>',
        );
        expect((await app.inject({ url: '/dicom-web/studies?PatientID=nobody', headers: { accept } })).statusCode).toBe(204);
        expect((await app.inject({ url: '/dicom-web/studies', headers: { accept: '*/*' } })).headers['content-type']).toBe(
          'application/dicom+json',
        );
        expect((await app.inject({ url: '/dicom-web/studies', headers: { accept: 'text/html' } })).statusCode).toBe(406);
      });
    });

    describe('a search for series and instances', () => {
      it('is ordered by number within a study and counts the instances', async () => {
        const series = await search(`studies/${CT}/series`);
        expect(valuesOf(series, '0020000E')).toEqual([`${CT}.1`, `${CT}.2`]);
        expect(valuesOf(series, '00201209')).toEqual([2, 3]);
        expect(valuesOf(series, '0008103E')).toEqual(['Series 1', 'Series 2']);
        expect(valuesOf(series, '00081190')).toEqual(
          [1, 2].map((number) => `http://localhost:80/dicom-web/studies/${CT}/series/${CT}.${number}`),
        );
        expect(series[0]?.['00100010']).toBeUndefined();
        const instances = await search(`studies/${CT}/instances`);
        expect(valuesOf(instances, '00080018')).toEqual([1, 2].map((n) => `${CT}.1.${n}`).concat([1, 2, 3].map((n) => `${CT}.2.${n}`)));
        expect(await search(`studies/${uid(999)}/series`)).toEqual([]);
      });

      it('gives each instance with its place, size and transfer syntax', async () => {
        const [instance] = await search(`studies/${CT}/series/${CT}.2/instances?InstanceNumber=2`);
        expect(instance).toEqual({
          '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
          '00080018': { vr: 'UI', Value: [`${CT}.2.2`] },
          '00080056': { vr: 'CS', Value: ['ONLINE'] },
          '00081190': { vr: 'UR', Value: [`http://localhost:80/dicom-web/studies/${CT}/series/${CT}.2/instances/${CT}.2.2`] },
          '00083002': { vr: 'UI', Value: ['1.2.840.10008.1.2.1'] },
          '0020000D': { vr: 'UI', Value: [CT] },
          '0020000E': { vr: 'UI', Value: [`${CT}.2`] },
          '00200013': { vr: 'IS', Value: [2] },
          '00280008': { vr: 'IS', Value: [1] },
          '00280010': { vr: 'US', Value: [16] },
          '00280011': { vr: 'US', Value: [16] },
          '00280100': { vr: 'US', Value: [8] },
        });
      });

      it('reaches over all studies with the attributes of the levels above, and matches them', async () => {
        const series = await search('series?Modality=CT&PatientName=doe');
        expect(valuesOf(series, '0020000E')).toEqual([`${CT}.2`]);
        expect(series[0]?.['00100020']).toEqual({ vr: 'LO', Value: ['PAT-1'] });
        const instances = await search('instances?StudyDescription=MR*&SOPClassUID=1.2.840.10008.5.1.4.1.1.7');
        expect(valuesOf(instances, '00080018')).toEqual([`${MR}.1.1`]);
        expect(instances[0]?.['00080060']).toEqual({ vr: 'CS', Value: ['MR'] });
        expect(valuesOf(await search('studies?SOPClassesInStudy=1.2.840.10008.5.1.4.1.1.7&ModalitiesInStudy=SR'), '0020000D')).toEqual([
          CT,
        ]);
      });

      it('matches attributes without a column within a study, with paging after the match', async () => {
        const found = async (query: string) => valuesOf(await search(`studies/${CT}/instances?${query}`), '00080018');
        expect(await found('SliceThickness=3')).toEqual([`${CT}.1.2`, `${CT}.2.2`]);
        expect(await found('SliceThickness=3&offset=1&limit=1')).toEqual([`${CT}.2.2`]);
        // 10:10 and 10:20 an hour east of Greenwich.
        expect(await found('AcquisitionDateTime=20240115091000%2B0000-202401150920%2B0000')).toEqual([
          `${CT}.1.1`,
          `${CT}.1.2`,
          `${CT}.2.1`,
          `${CT}.2.2`,
        ]);
        expect(await found('AcquisitionDateTime=20240115103000%2B0100-')).toEqual([`${CT}.2.3`]);
        expect(await found('AdmittingDiagnosesDescription=c*')).toEqual([]);
        expect((await found('AdmittingDiagnosesDescription=C*')).length).toBe(5);
      });

      it('matches an item of a sequence as a whole, and gives of it what is asked for', async () => {
        const path = (query: string) => search(`series?${query}`);
        const step = 'RequestAttributesSequence.ScheduledProcedureStepID';
        const procedure = 'RequestAttributesSequence.RequestedProcedureID';
        expect(valuesOf(await path(`${step}=STEP-*`), '0020000E')).toEqual([`${CT}.1`, `${CT}.2`]);
        expect(valuesOf(await path(`${step}=STEP-1&${procedure}=RP-1`), '0020000E')).toEqual([`${CT}.1`, `${CT}.2`]);
        expect(await path(`${step}=STEP-1&${procedure}=RP-2`)).toEqual([]);
        const [named] = await path(`00400275.00400009=STEP-2&includefield=${procedure}`);
        expect(named?.['00400275']).toEqual({
          vr: 'SQ',
          Value: [{ '00400009': { vr: 'SH', Value: ['STEP-2'] }, '00401001': { vr: 'SH', Value: ['RP-2'] } }],
        });
        expect(await path('RequestAttributesSequence.NoSuchThing=1').catch(() => 'refused')).toBe('refused');
      });

      it('includes everything of an instance, without bulk data, for includefield=all', async () => {
        const [instance] = await search(`studies/${CT}/series/${CT}.2/instances?includefield=all`);
        expect(instance).toMatchObject({ '00180050': { vr: 'DS', Value: [1.5] }, '00101010': { vr: 'AS', Value: ['054Y'] } });
        expect(Object.keys(instance ?? {}).filter((tag) => tag.startsWith('0002') || tag === '7FE00010')).toEqual([]);
      });
    });

    it('answers the requests that OHIF makes to open a study: studies, series, metadata, frames', async () => {
      const studies = await search('studies?limit=101&offset=0&fuzzymatching=true&includefield=00081030,00080060');
      expect(valuesOf(studies, '0020000D')).toEqual([MR, CT]);
      const [listed] = await search(`studies?limit=101&offset=0&fuzzymatching=true&includefield=00081030,00080060&StudyInstanceUID=${CT}`);
      expect(listed?.['00081030']?.Value).toEqual(['CT Chest']);
      const series = await search(`studies/${CT}/series?includefield=0008103E,00080021`);
      expect(valuesOf(series, '00080060')).toEqual(['SR', 'CT']);
      const metadata = await app.inject({
        url: `/dicom-web/studies/${CT}/series/${CT}.2/metadata`,
        headers: { accept: 'application/dicom+json' },
      });
      expect(metadata.headers['content-type']).toBe('application/dicom+json');
      const instances: Result[] = metadata.json();
      expect(valuesOf(instances, '00200013')).toEqual([1, 2, 3]);
      const frame = await app.inject({
        url: `/dicom-web/studies/${CT}/series/${CT}.2/instances/${CT}.2.1/frames/1`,
        headers: { accept: 'multipart/related; type=application/octet-stream; transfer-syntax=*' },
      });
      const [part] = partsOf(frame);
      expect(part?.headers['content-type']).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
      expect(part?.body.length).toBe(16 * 16);
    });
  });
