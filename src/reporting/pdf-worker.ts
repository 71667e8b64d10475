import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { coverageOf } from './font-coverage.ts';
import { imagePath, paperOf } from './paper.ts';
import type { ReportDocument } from './report-document.ts';

/** One document to set: as a PDF of a standard, by Typst's name of it, or as a picture. */
export type PdfRequest = { id: number; document: ReportDocument; form: 'a-2b' | 'ua-1' | 'svg' };
export type PdfReply = { id: number; bytes: Uint8Array<ArrayBuffer> } | { id: number; error: string };

const FONTS = [
  'noto-sans/400Regular/NotoSans_400Regular.ttf',
  'noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  'noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
  'noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf',
];

/** Results that no document of the last few asked for again are forgotten, so that memory does not grow with the number of reports. */
const CACHE_AGE = 3;

const { resolve } = createRequire(import.meta.url);
const fonts = FONTS.map((path) => readFileSync(resolve(`@expo-google-fonts/${path}`)));
const covers = coverageOf(fonts);
const workspace = fileURLToPath(new URL('.', import.meta.url));
const template = readFileSync(new URL('report.typ', import.meta.url), 'utf8');
const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontBlobs: fonts }] });

parentPort?.on('message', (request: PdfRequest) => {
  const reply = answer(request);
  parentPort?.postMessage(reply, 'bytes' in reply ? [reply.bytes.buffer] : []);
});

function answer({ id, document, form }: PdfRequest): PdfReply {
  try {
    return { id, bytes: render(document, form) };
  } catch (cause) {
    return { id, error: withoutText(cause) };
  } finally {
    compiler.resetShadow();
    compiler.evictCache(CACHE_AGE);
  }
}

/** Text goes in as data (`sys.inputs`) and pictures as files that exist in memory only: nothing of a report is ever read as markup. */
function render(document: ReportDocument, form: PdfRequest['form']): Uint8Array<ArrayBuffer> {
  for (const [index, { png }] of document.key_images.entries()) {
    compiler.mapShadow(`${workspace}${imagePath(index).slice(1)}`, Buffer.from(png));
  }
  const report = JSON.stringify(paperOf(document, covers));
  const compiled = compiler.compile({ mainFileContent: template, inputs: { report }, resetRead: true });
  if (!compiled.result) throw new Error(JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics ?? 'no document'));
  if (form === 'svg') return new TextEncoder().encode(compiler.svg(compiled.result));
  return Uint8Array.from(compiler.pdf(compiled.result, { pdfStandard: form }));
}

/** Typst quotes the text that it stumbled over; a report's text may not reach a log. */
function withoutText(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const said = [...message.matchAll(/message: "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/`[^`]*`/g, '…'));
  return said.length === 0 ? 'Typst could not set the report' : said.slice(0, 3).join('; ');
}
