import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCALES } from '../contract/reports.ts';
import { openPdfRenderer, PdfError } from './pdf.ts';
import type { ReportDocument } from './report-document.ts';
import { ARABIC } from './wording-ar.ts';
import { ENGLISH } from './wording-en.ts';

const HAS_POPPLER = ['pdftotext', 'pdffonts', 'pdfinfo'].every((tool) => spawnSync(tool, ['-v']).error === undefined);

const SECTIONS = {
  clinical_information: 'Cough for three weeks.',
  technique: 'CT of the chest.\n2 series, 312 instances.',
  comparison: 'No prior study available.',
  findings: 'Solid nodule in the right lung, diameter 9.1 mm.\n\nMeasurements:\n- Total lung volume: 5,243 mL',
  impression: '1. Solid nodule in the right lung, 9.1 mm.\n2. Emphysema.',
  recommendation: 'To be written by the reader.',
};
const ARABIC_SECTIONS = {
  clinical_information: 'سعال منذ ثلاثة أسابيع.',
  technique: `تصوير مقطعي محوسب (\u2066CT\u2069).`,
  comparison: ARABIC.draft.noPrior,
  findings: `عقيدة صلبة في الرئة اليمنى، القطر \u20669.1 mm\u2069.`,
  impression: '1. التهاب رئوي.\n2. Emphysema.',
  recommendation: ARABIC.draft.recommendationOpen,
};

const document = (changes: Partial<ReportDocument> = {}): ReportDocument => ({
  id: '0199f6d2-5a3e-7c41-9d0e-1f2a3b4c5d6e',
  locale: 'en',
  status: 'final',
  version: 1,
  title: 'Radiology report',
  institution: 'City Hospital',
  patient: { name: 'DOE^JANE^M^DR', id: 'PAT-1', birth_date: '19700131', sex: 'F', age: '56 years' },
  study: { date: '20261120', accession: 'A-1', description: 'CT Thorax', modalities: ['CT'], uid: '1.2.826.0.1.3680043.8.498.1' },
  sections: SECTIONS,
  key_images: [],
  ai: [{ model: 'ct-lung', version: '1.0.0', digest: 'ab'.repeat(32), result: 'Not evaluable: too few slices', disclaimer: 'Own limits.' }],
  disclaimer: ENGLISH.disclaimer,
  signature: {
    name: 'Dr. Example',
    time: '2026-11-21T08:12:33.000Z',
    meaning: 'I have reviewed the images',
    content_sha256: 'cd'.repeat(32),
  },
  is_synthetic: false,
  created: '2026-11-21T08:12:33.000Z',
  ...changes,
});
const unsigned = (changes: Partial<ReportDocument>): ReportDocument => {
  const { signature: _signature, ...rest } = document(changes);
  return rest;
};
const picture = async (red: number): Promise<Uint8Array> =>
  new Uint8Array(
    await sharp({ create: { width: 64, height: 48, channels: 3, background: { r: red, g: 0, b: 0 } } })
      .png()
      .toBuffer(),
  );
/** PDF files are bytes; latin1 keeps each as one character to search in. */
const bytesAsText = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');

const renderer = openPdfRenderer();
afterAll(() => renderer.close());

describe('a report on paper', () => {
  it('is PDF/A-2b by its own declaration, tagged, and names its language', async () => {
    for (const locale of LOCALES) {
      const text = bytesAsText(await renderer.renderReportPdf(document({ locale })));
      expect(text.startsWith('%PDF-1.7')).toBe(true);
      expect(text).toMatch(/<pdfaid:part>2<\/pdfaid:part>\s*<pdfaid:conformance>B<\/pdfaid:conformance>/);
      expect(text).toContain('/StructTreeRoot');
      expect(text).toContain(`/Lang (${locale})`);
    }
  });

  it("passes Typst's checks for PDF/UA-1 in every form: signed, draft, amended, synthetic, with and without pictures", async () => {
    const key_images = [
      { png: await picture(200), caption: 'Heat map over the frame' },
      { png: await picture(90), caption: '' },
    ];
    const forms = [
      document({ key_images }),
      document({ locale: 'ar', sections: ARABIC_SECTIONS, key_images }),
      unsigned({ status: 'draft', is_synthetic: true, ai: [] }),
      document({ status: 'amended', version: 2, amendment: { reason: 'Side corrected', of_version: 1, date: '2026-11-22' } }),
    ];
    for (const form of forms) expect((await renderer.renderReportPdf(form, 'ua-1')).length).toBeGreaterThan(1000);
  });

  it('has equal bytes for an equal document, also from another thread, and others for another', async () => {
    const other = openPdfRenderer();
    const [first, again, elsewhere, changed] = await Promise.all([
      renderer.renderReportPdf(document()),
      renderer.renderReportPdf(document()),
      other.renderReportPdf(document()),
      renderer.renderReportPdf(document({ version: 2 })),
    ]);
    await other.close();
    expect(Buffer.compare(first, again)).toBe(0);
    expect(Buffer.compare(first, elsewhere)).toBe(0);
    expect(Buffer.compare(first, changed)).not.toBe(0);
  });

  it('shows the pictures of this report and never those of the one before', async () => {
    const withPicture = async (red: number) => document({ key_images: [{ png: await picture(red), caption: 'Frame' }] });
    const first = await renderer.renderReportPdf(await withPicture(10));
    const second = await renderer.renderReportPdf(await withPicture(250));
    const firstAgain = await renderer.renderReportPdf(await withPicture(10));
    expect(Buffer.compare(first, second)).not.toBe(0);
    expect(Buffer.compare(first, firstAgain)).toBe(0);
    expect(bytesAsText(first)).toContain('/Subtype /Image');
  });
});

describe('the renderer', () => {
  it('answers many at once, each with its own document', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    const pdfs = await Promise.all(ids.map((id) => renderer.renderReportPdf(document({ title: `Report ${id}` }))));
    for (const [index, pdf] of pdfs.entries()) expect(bytesAsText(pdf)).toContain(`Report ${ids[index]}`);
  });

  it('refuses a key image that is no picture, without quoting the report, and goes on', async () => {
    const empty = { png: new Uint8Array(), caption: 'x' };
    await expect(renderer.renderReportPdf(document({ key_images: [empty] }))).rejects.toThrow(PdfError);
    const broken = (await picture(1)).slice(0, 20);
    const refusal = renderer.renderReportPdf(document({ key_images: [{ png: broken, caption: 'SECRETNAME' }] }));
    await expect(refusal).rejects.toThrow(PdfError);
    await expect(refusal).rejects.not.toThrow(/SECRETNAME|DOE/);
    expect((await renderer.renderReportPdf(document())).length).toBeGreaterThan(1000);
  });

  it('lets the thread go when idle and starts it anew with the next document', async () => {
    const brief = openPdfRenderer({ idleMs: 0 });
    const first = await brief.renderReportPdf(document());
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(Buffer.compare(await brief.renderReportPdf(document()), first)).toBe(0);
    await brief.close();
  });

  it('refuses what waits when it is closed, and everything after', async () => {
    const closing = openPdfRenderer();
    const waiting = expect(closing.renderReportPdf(document())).rejects.toThrow('closed');
    await closing.close();
    await waiting;
    await expect(closing.renderReportPdf(document())).rejects.toThrow(PdfError);
  });
});

const HOSTILE = [
  '#panic("x") #import "a.typ": * #read("/etc/passwd")',
  '$ x^2 $ *bold* _it_ `raw` @cite <label> // c /* d */ [x] \\ ~ -- ... "q"',
  '= not a heading',
  '+ not an enumeration',
  '/ term: x',
];

describe('hostile text', () => {
  const everywhere = (text: string): ReportDocument =>
    document({
      title: text,
      institution: text,
      patient: { name: text, id: text, birth_date: text, sex: text, age: text },
      study: { date: text, accession: text, description: text, modalities: [text], uid: text },
      sections: { clinical_information: text, technique: text, comparison: text, findings: text, impression: text, recommendation: text },
      ai: [{ model: text, version: text, digest: text, result: text, disclaimer: text }],
      disclaimer: text,
      signature: { name: text, time: text, meaning: text, content_sha256: text },
      amendment: { reason: text, of_version: 1, date: text },
    });

  it.each([
    ['markup', HOSTILE.join('\n')],
    ['direction overrides and open isolates', '\u202egnp.exe\u202c \u2066open \u2068 \u2069\u2069\u2069 \u200f'],
    ['control characters, lone surrogates, noncharacters', '\u0000\u0001\u001b[31m \ud800 \udc00 \ufffe \uffff \u{10ffff}'],
    ['characters without a glyph', '山田太郎 😀 👩‍👩‍👧 ᚠ 𝕏 \ue000'],
    ['combining marks on nothing', '\u0301\u0302 \u064b\u0651 \u20dd e\u0301\u0302\u0303\u0304'],
    ['nothing', ''],
    ['white space alone', ' \t\r\n\u2028\u00a0 '],
    ['20,000 characters without a space', 'W'.repeat(20_000)],
    ['20,000 Arabic letters without a space', 'ض'.repeat(20_000)],
    ['10,000 lines', 'a\n'.repeat(10_000)],
  ])('of the kind "%s" never fails, in any field and either language', async (_kind, text) => {
    for (const locale of LOCALES) {
      const pdf = await renderer.renderReportPdf({ ...everywhere(text), locale });
      expect(bytesAsText(pdf.subarray(0, 8))).toBe('%PDF-1.7');
    }
  });
});

describe.skipIf(!HAS_POPPLER)('a report read back by another program (needs poppler-utils)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'isocenter-pdf-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function readBack(report: ReportDocument, tool = 'pdftotext'): Promise<string> {
    const path = join(folder, 'report.pdf');
    writeFileSync(path, await renderer.renderReportPdf(report));
    const output = execFileSync(tool, tool === 'pdftotext' ? [path, '-'] : [path], { stdio: ['ignore', 'pipe', 'ignore'] });
    return output.toString('utf8').normalize('NFC');
  }

  it('holds patient, study, every section, signature, provenance and disclaimer', async () => {
    const text = await readBack(document());
    const expected = [
      'DOE, JANE M (DR)',
      'PAT-1',
      '31 Jan 1970',
      'Female',
      '20 Nov 2026',
      '1.2.826.0.1.3680043.8.498.1',
      'Final · Version 1',
      ...Object.values(ENGLISH.section),
      ...Object.values(SECTIONS).flatMap((section) => section.split('\n').filter((line) => line !== '' && !/^[-\d]/.test(line))),
      '1. Solid nodule in the right lung, 9.1 mm.',
      'Dr. Example',
      '21 Nov 2026, 08:12 UTC',
      'cd'.repeat(32),
      'Not evaluable: too few slices',
      'Own limits.',
      ENGLISH.disclaimer,
    ];
    for (const words of expected) expect(text).toContain(words);
    expect(text).toMatch(/Page 1 of \d/);
    expect(text).not.toContain(ENGLISH.paper.draftBand);
  });

  it('marks each page of a draft as not signed, and synthetic images as such', async () => {
    const findings = Array.from({ length: 120 }, (_, line) => `Line ${line}`).join('\n');
    const text = await readBack(unsigned({ status: 'draft', is_synthetic: true, sections: { ...SECTIONS, findings } }));
    const pages = text.split('\f').filter((page) => page.trim() !== '');
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages) {
      expect(page).toContain(ENGLISH.paper.draftBand);
      expect(page).toContain(ENGLISH.paper.syntheticBand);
      expect(page).toMatch(/DOE, JANE/);
    }
    expect(text).toContain(ENGLISH.paper.notSigned);
  });

  it('loses nothing of the longest impression and disclaimer off the sheet', async () => {
    const long = (end: string) => `${'word '.repeat(3900)}${end}`;
    const text = await readBack(
      document({ sections: { ...SECTIONS, impression: long('ENDOFIMPRESSION') }, disclaimer: long('ENDOFDISCLAIMER') }),
    );
    expect(text).toContain('ENDOFIMPRESSION');
    expect(text).toContain('ENDOFDISCLAIMER');
  });

  it('says why a version replaces another', async () => {
    const text = await readBack(document({ version: 2, amendment: { reason: 'Side corrected', of_version: 1, date: '20261122' } }));
    expect(text).toContain('Replaces version');
    expect(text).toContain('1 (22 Nov 2026)');
    expect(text).toContain('Side corrected');
  });

  it('holds the Arabic letters, Latin words and numbers of an Arabic report', async () => {
    const text = await readBack(document({ locale: 'ar', sections: ARABIC_SECTIONS, disclaimer: ARABIC.disclaimer }));
    const letters = (words: string) => words.normalize('NFKC').match(/[\u0621-\u064a]/g) ?? [];
    const expected = letters(Object.values(ARABIC_SECTIONS).join(''));
    const found = letters(text);
    expect(found.length).toBeGreaterThanOrEqual(expected.length);
    for (const letter of new Set(expected)) expect(found).toContain(letter);
    for (const words of ['9.1 mm', 'Emphysema.', 'PAT-1', 'CT Thorax']) expect(text.replaceAll('\u00a0', ' ')).toContain(words);
    expect(await readBack(document({ locale: 'ar', title: 'تقرير الأشعة' }), 'pdfinfo')).toMatch(/Title:\s+تقرير الأشعة/);
  });

  it('prints markup literally and unprintable characters as their numbers', async () => {
    const text = await readBack(document({ sections: { ...SECTIONS, findings: `${HOSTILE.join('\n')}\n山\u0007\u202eevil` } }));
    for (const line of HOSTILE.slice(2)) expect(text).toContain(line);
    expect(text).toContain('#panic("x") #import "a.typ": * #read("/etc/passwd")');
    expect(text).toContain('$ x^2 $ *bold* _it_ `raw` @cite <label> // c /* d */ [x] \\ ~ -- ... "q"');
    expect(text).toContain('[U+5C71][U+0007]evil');
    expect(text).toContain('printed as their Unicode numbers');
  });

  it('embeds every font, and none but its own', async () => {
    const rows = (await readBack(document({ locale: 'ar', sections: ARABIC_SECTIONS }), 'pdffonts')).trim().split('\n').slice(2);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    for (const row of rows) expect(row).toMatch(/^[A-Z]{6}\+NotoSans(Arabic)?-(Regular|SemiBold)\s.*\s+yes\s+yes\s+yes\s/);
  });

  it('says to readers of files that it is tagged and on A4', async () => {
    const text = await readBack(document(), 'pdfinfo');
    expect(text).toMatch(/Tagged:\s+yes/);
    expect(text).toMatch(/Page size:.*A4/);
  });
});
