import { afterAll, beforeAll, expect, it } from 'vitest';
import { readXml, type XmlReader } from '../../src/dicom/parse-xml.ts';
import { openTestApp, type TestApp } from '../app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

/** Every element of a well-formed document, with its attributes. */
function elementsOf(text: string): { name: string; attributes: Readonly<Record<string, string | undefined>> }[] {
  const found: ReturnType<typeof elementsOf> = [];
  const reader: XmlReader = {
    child: (name, attributes) => {
      found.push({ name, attributes });
      return reader;
    },
    end: () => undefined,
  };
  readXml(text, reader);
  return found;
}

it('are told as WADL, by OPTIONS as by GET, to whoever asks', async () => {
  for (const method of ['GET', 'OPTIONS'] as const) {
    const response = await app.http.inject({ method, url: '/dicom-web', headers: { host: '127.0.0.1' } });
    expect(response.statusCode, response.body).toBe(200);
    expect(response.headers['content-type']).toBe('application/vnd.sun.wadl+xml');
    const elements = elementsOf(response.body);
    const resources = elements.filter(({ name }) => name === 'resource').map(({ attributes }) => attributes['path']);
    expect(resources).toContain('dicom-web/studies/{study_instance_uid}/series/{series_instance_uid}/metadata');
    expect(resources).toContain('dicom-web/workitems/{workitem}/state');
    expect(new Set(resources).size).toBe(resources.length);
    const methods = elements.filter(({ name }) => name === 'method').map(({ attributes }) => attributes['id']);
    expect(methods).toEqual(expect.arrayContaining(['storeStudies', 'searchStudies', 'retrieveFrames', 'createWorkitem']));
    const types = elements.filter(({ name }) => name === 'representation').map(({ attributes }) => attributes['mediaType']);
    expect(types).toContain('multipart/related; type="application/dicom+json"');
    expect(types).toContain('multipart/related; type="image/jphc"');
  }
});

it('are told as JSON, and in nothing else', async () => {
  const json = await app.http.inject({ url: '/dicom-web', headers: { host: '127.0.0.1', accept: 'application/json' } });
  const search = json.json().transactions.find(({ id }: { id: string }) => id === 'searchStudies');
  expect(search).toMatchObject({ method: 'GET', path: '/dicom-web/studies', isSearch: true });
  expect(search.parameters).toContain('includefield');
  expect((await app.http.inject({ url: '/dicom-web', headers: { host: '127.0.0.1', accept: 'image/png' } })).statusCode).toBe(406);
});
