import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ImportedFile, importLiterature, searchLiterature } from '../../src/contract/literature.ts';
import { readPdfText } from '../../src/server/literature/pdf-text.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { guidelinePdf, lockedPdf } from '../guideline-pdf.ts';

const FILLER = '#lorem(700)';
const GUIDELINE = `#text(size: 22pt)[Management of xenoliths]

doi:10.1000/xeno.2025
#outline()
= Scope
${FILLER}
== Imaging
Contrast-enhanced tomography of the xenolith is recommended at once. ${FILLER}
= Follow-up
After treatment, re-examine the petrified region at twelve months. ${FILLER} Quartzite is the ex-
ception to it.
`;
const TITLE = 'Management of xenoliths';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const imported = async (name: string, bytes: Uint8Array): Promise<ImportedFile | undefined> => {
  const answer = await app.upload(importLiterature.path, [{ name, bytes }]);
  expect(answer.statusCode).toBe(200);
  return (answer.json() as { files: ImportedFile[] }).files[0];
};
const find = async (q: string) => (await app.call(searchLiterature, { query: { q, source: 'guideline' } })).items;
/** With buffers of its own, as the thread takes them. */
const read = (bytes: Uint8Array, limits: Parameters<typeof readPdfText>[1] = {}) => readPdfText(new Uint8Array(bytes), limits);

test('a guideline as PDF is found by its passages, and each says its document, section and pages', async () => {
  const file = await imported('Xenoliths 2025.pdf', guidelinePdf(GUIDELINE, TITLE));
  expect(file).toMatchObject({ format: 'guideline-pdf', deleted: 0, problem: null });
  const [imaging] = await find('tomography xenolith recommended');
  expect(imaging).toMatchObject({ title: `${TITLE}: 1.1 Imaging`, is_guideline: true, doi: '10.1000/xeno.2025', first_page: 2 });
  expect(imaging?.abstract).toContain('Contrast-enhanced tomography of the xenolith');
  const [followUp] = await find('petrified region twelve months');
  expect(followUp?.title).toBe(`${TITLE}: 2 Follow-up`);
  expect(followUp?.first_page).toBeGreaterThan(imaging?.last_page ?? 0);
});

test('running heads, page numbers and the table of contents are no text of it', async () => {
  const all = await find('xenolith xenoliths lorem society examples scope contents');
  expect(all.length).toBeGreaterThan(2);
  for (const { abstract, title } of all) {
    expect(abstract).not.toContain('Society of Examples');
    expect(`${title} ${abstract}`).not.toMatch(/Contents|\. \. \. /);
  }
});

test('a word that is parted at the end of a line is found whole, and another version takes the place of the first', async () => {
  const changed = await imported(
    'Xenoliths 2025.pdf',
    guidelinePdf('#text(size: 22pt)[Xenoliths, revised]\n\nBasalt is to be preferred in all cases of doubt.'),
  );
  expect(changed).toMatchObject({ added: 0, updated: 1, problem: null });
  expect(changed?.deleted).toBeGreaterThan(2);
  expect(await find('petrified region')).toEqual([]);
  expect((await find('basalt'))[0]).toMatchObject({ title: 'Xenoliths, revised', first_page: 1, last_page: 1 });
});

test('what cannot be read says why and what to do, and the server goes on', async () => {
  const whole = guidelinePdf(GUIDELINE, TITLE);
  const damaged = whole.map((byte, index) => (index % 7 === 3 && index > 200 ? byte ^ 0xff : byte));
  const cases: [string, Uint8Array, string][] = [
    ['locked.pdf', lockedPdf(), 'encrypted'],
    ['junk.pdf', Buffer.from('%PDF-1.7 text'), 'damaged'],
    ['cut.pdf', whole.subarray(0, whole.length / 2), 'damaged'],
    ['noise.pdf', damaged, 'PDF'],
    ['scan.pdf', guidelinePdf('#set page(header: none, numbering: none)\n#rect(width: 100%, height: 90%, fill: gray)'), 'text recognition'],
  ];
  for (const [name, bytes, problem] of cases)
    expect(await imported(name, bytes), name).toMatchObject({ added: 0, problem: expect.stringContaining(problem) });
});

test('a document that is too long, has too many pages or takes too long is refused, and its thread ends', async () => {
  const bytes = guidelinePdf(GUIDELINE, TITLE);
  await expect(read(bytes, { maxPages: 1 })).rejects.toThrow('more than');
  await expect(read(bytes, { maxCharacters: 100 })).rejects.toThrow('longer than');
  await expect(read(bytes, { timeoutMs: 1 })).rejects.toThrow('too long to read');
  expect((await read(bytes)).pages.length).toBeGreaterThan(2);
});
