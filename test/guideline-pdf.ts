import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

const { resolve } = createRequire(import.meta.url);
const FONTS = ['400Regular/NotoSans_400Regular.ttf', '600SemiBold/NotoSans_600SemiBold.ttf'];

/** A PDF as a society prints one, set by what sets the reports. @param markup of Typst, after the page and its headings are defined */
export function guidelinePdf(markup: string, title = ''): Uint8Array {
  const fontBlobs = FONTS.map((path) => readFileSync(resolve(`@expo-google-fonts/noto-sans/${path}`)));
  const compiler = NodeCompiler.create({ fontArgs: [{ fontBlobs }] });
  const look = `#set document(title: ${JSON.stringify(title)}, date: none)
#set text(font: "Noto Sans", size: 10pt)
#set page(width: 210mm, height: 297mm, numbering: "1", header: [Society of Examples 2025])
#set heading(numbering: "1.1")
#show heading.where(level: 1): set text(size: 16pt)
#show heading.where(level: 2): set text(size: 13pt)
`;
  const { result } = compiler.compile({ mainFileContent: look + markup });
  if (!result) throw new Error('Typst could not set the guideline');
  return Uint8Array.from(compiler.pdf(result, {}));
}

/** A PDF whose pages are locked with a password that nobody told (PDF 32000-1, 7.6.3). */
export function lockedPdf(): Uint8Array {
  const key = 'ab'.repeat(32);
  return Buffer.from(`%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >> endobj
4 0 obj << /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >> endobj
trailer << /Root 1 0 R /Encrypt 4 0 R /ID [<${key.slice(0, 32)}> <${key.slice(0, 32)}>] /Size 5 >>
%%EOF
`);
}
