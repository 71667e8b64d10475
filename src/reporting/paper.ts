import type { ReportSections } from '../contract/reports.ts';
import type { Coverage } from './font-coverage.ts';
import { readDate } from './numbers.ts';
import { type Block, blocksOf, directionOf, printableLine } from './printable.ts';
import type { ReportDocument } from './report-document.ts';
import { wordingOf } from './wording.ts';
import type { Wording } from './wording-shape.ts';

type Direction = Block['direction'];
type Value = { text: string; direction: Direction };
type Field = { label: string; value: Value };

/** What `report.typ` sets, as JSON: text that every font has glyphs for, each piece with its reading direction. */
export type Paper = {
  language: string;
  direction: Direction;
  date: { year: number; month: number; day: number; hour: number; minute: number; second: number };
  title: string;
  institution: Value | null;
  status: { kind: ReportDocument['status']; text: string };
  bands: { kind: 'draft' | 'synthetic'; text: string }[];
  watermark: string | null;
  running: Value;
  patient: { title: string; fields: Field[] };
  study: { title: string; fields: Field[] };
  uid: Field;
  amendment: { title: string; fields: Field[] } | null;
  sections: { title: string; blocks: Block[]; emphasis: boolean; whole: boolean }[];
  addenda: { title: string; blocks: Block[]; fields: Field[] }[];
  images: { title: string; items: { path: string; caption: Value; alt: string }[] } | null;
  ai: { title: string; none: string; head: string[]; rows: Value[][]; disclaimers: Value[]; whole: boolean };
  disclaimer: { title: string; blocks: Block[]; whole: boolean };
  signature: { title: string; fields: Field[]; open: string | null };
  footer: Value;
  page: readonly string[];
  notice: string | null;
};

const SECTIONS = [
  'clinical_information',
  'technique',
  'comparison',
  'findings',
  'impression',
  'recommendation',
] as const satisfies readonly (keyof ReportSections)[];

/** DICOM's own longest values are shorter (PN 3 x 64); whatever is longer was not meant for a header. */
const NAME_CHARACTERS = 200;
const MARGIN_CHARACTERS = 48;
const SENTENCE_CHARACTERS = 1_000;
/** What a column of the header or of the table holds without a break. */
const NARROW_RUN = 24;
/** Less than half a page, whatever the letters. */
const WHOLE_PIECES = 12;
const WHOLE_CHARACTERS = 1_200;
/** Enough of a SHA-256 to compare by eye. */
const SHORT_DIGEST = 12;

type Writer = { wording: Wording; covers: Coverage; longestRun?: number };

/** Lays a document out as data. @param covers what the embedded fonts can show */
export function paperOf(document: ReportDocument, covers: Coverage): Paper {
  const wording = wordingOf(document.locale);
  const writer = { wording, covers };
  const narrow = { ...writer, longestRun: NARROW_RUN };
  const { paper } = wording;
  const line = (text: string, length = NAME_CHARACTERS) => printableLine(text, length, covers);
  const version = `${paper.version} ${wording.embed(String(document.version))}`;
  const amendment = document.amendment;

  const laidOut: Paper = {
    language: document.locale,
    direction: wording.direction,
    date: dateOf(document.created),
    title: line(document.title),
    institution: document.institution ? value(document.institution, writer) : null,
    status: { kind: document.status, text: `${wording.status[document.status]} · ${version}` },
    bands: [
      ...(document.status === 'draft' ? [{ kind: 'draft' as const, text: paper.draftBand }] : []),
      ...(document.is_synthetic ? [{ kind: 'synthetic' as const, text: paper.syntheticBand }] : []),
    ],
    watermark: document.status === 'draft' ? wording.status.draft : null,
    running: runningHead(document, writer),
    patient: { title: paper.patient, fields: patientFields(document, narrow) },
    study: { title: paper.study, fields: studyFields(document, narrow) },
    uid: field(paper.studyUid, document.study.uid, writer),
    amendment: amendment
      ? {
          title: paper.amendment,
          fields: [
            field(paper.amends, `${wording.embed(String(amendment.of_version))} (${wording.date(amendment.date)})`, writer),
            field(paper.reason, amendment.reason, writer, SENTENCE_CHARACTERS),
          ],
        }
      : null,
    sections: SECTIONS.map((name) => ({
      title: wording.section[name],
      ...prose(document.sections[name], writer),
      emphasis: name === 'impression',
    })),
    addenda: (document.addenda ?? []).map(({ number, text, signature }) => ({
      title: `${paper.addendum} ${wording.embed(String(number))}`,
      blocks: prose(text, writer).blocks,
      fields: signatureFields(signature, writer),
    })),
    images: imagesOf(document, writer),
    ai: provenanceOf(document, narrow),
    disclaimer: { title: paper.disclaimerHeading, ...prose(document.disclaimer, writer) },
    signature: signatureOf(document, writer),
    footer: footerOf(document, version, writer),
    page: paper.page,
    notice: null,
  };
  return JSON.stringify(laidOut).includes('[U+') ? { ...laidOut, notice: paper.unprintable } : laidOut;
}

function patientFields({ patient }: ReportDocument, writer: Writer): Field[] {
  const { paper, date } = writer.wording;
  const sex = patient.sex === null ? null : (paper.sexName[patient.sex] ?? patient.sex);
  return [
    field(paper.name, personName(patient.name), writer),
    field(paper.patientId, patient.id, writer),
    field(paper.birthDate, patient.birth_date === null ? null : date(patient.birth_date), writer),
    field(paper.sex, sex, writer),
    ...(patient.age ? [field(paper.age, patient.age, writer)] : []),
  ];
}

function studyFields({ study }: ReportDocument, writer: Writer): Field[] {
  const { paper, date, modality, list } = writer.wording;
  const modalities = study.modalities.map((code) => modality[code] ?? code);
  return [
    field(paper.modality, list(modalities), writer),
    field(paper.description, study.description, writer),
    field(paper.studyDate, study.date === null ? null : date(study.date), writer),
    field(paper.accession, study.accession, writer),
  ];
}

function prose(text: string, { wording, covers }: Writer): { blocks: Block[]; whole: boolean } {
  const blocks = blocksOf(text, wording.direction, covers);
  return { blocks, whole: fitsTogether(blocks) };
}

/** Whether it is short enough to be kept on one page; anything longer must break, or its end would fall off the sheet. */
function fitsTogether(pieces: readonly { text: string }[]): boolean {
  return pieces.length <= WHOLE_PIECES && pieces.reduce((sum, { text }) => sum + text.length, 0) <= WHOLE_CHARACTERS;
}

/** On every page but the first: whose study it is, so that a loose sheet finds home. */
function runningHead({ patient, study }: ReportDocument, { wording, covers }: Writer): Value {
  const parts = [wording.embed(personName(patient.name)), wording.embed(patient.id), study.date === null ? '' : wording.date(study.date)];
  return { text: marginLine(parts, covers), direction: wording.direction };
}

function imagesOf({ key_images }: ReportDocument, { wording, covers }: Writer): Paper['images'] {
  if (key_images.length === 0) return null;
  const items = key_images.map(({ caption }, index) => {
    const text = printableLine(caption, SENTENCE_CHARACTERS, covers);
    const number = wording.embed(String(index + 1));
    return {
      path: imagePath(index),
      caption: { text: `${wording.paper.image} ${number}${text === '' ? '' : `: ${text}`}`, direction: wording.direction },
      alt: text === '' ? `${wording.paper.image} ${number}` : text,
    };
  });
  return { title: wording.paper.keyImages, items };
}

/** Where the template finds the picture of that index. */
export function imagePath(index: number): string {
  return `/key-image-${index + 1}.png`;
}

function provenanceOf({ ai, disclaimer }: ReportDocument, writer: Writer): Paper['ai'] {
  const { paper } = writer.wording;
  const others = new Set(ai.map((run) => run.disclaimer).filter((text) => text.trim() !== '' && text !== disclaimer));
  const rows = ai.map(({ model, version, result, digest }) => [
    value(model, writer),
    value(version, writer),
    value(result, writer, SENTENCE_CHARACTERS),
    value(digest.length > SHORT_DIGEST ? `${digest.slice(0, SHORT_DIGEST)}…` : digest, writer),
  ]);
  const disclaimers = [...others].map((text) => value(text, writer, SENTENCE_CHARACTERS));
  return {
    title: paper.aiHeading,
    none: paper.aiNone,
    head: [paper.model, paper.modelVersion, paper.result, paper.digest],
    rows,
    disclaimers,
    whole: rows.length <= WHOLE_PIECES / 2 && fitsTogether(disclaimers) && rows.every(fitsTogether),
  };
}

function signatureOf({ signature }: ReportDocument, writer: Writer): Paper['signature'] {
  const { paper } = writer.wording;
  if (!signature) return { title: paper.signature, fields: [], open: paper.notSigned };
  return { title: paper.signature, fields: signatureFields(signature, writer), open: null };
}

function signatureFields(signature: NonNullable<ReportDocument['signature']>, writer: Writer): Field[] {
  const { paper } = writer.wording;
  return [
    field(paper.signedBy, signature.name, writer),
    field(paper.signedAt, instant(signature.time, writer.wording), writer),
    field(paper.meaning, signature.meaning, writer, SENTENCE_CHARACTERS),
    field(paper.contentHash, signature.content_sha256, writer),
  ];
}

function footerOf({ id, signature, created }: ReportDocument, version: string, { wording, covers }: Writer): Value {
  const seal = signature
    ? wording.embed(`SHA-256 ${signature.content_sha256.slice(0, SHORT_DIGEST)}…`)
    : `${wording.paper.created}: ${instant(created, wording)}`;
  return { text: marginLine([`${wording.paper.report} ${wording.embed(id)}`, version, seal], covers), direction: wording.direction };
}

/** One line for the margin of every page; each part is cut on its own, so that none pushes out another. */
function marginLine(parts: readonly string[], covers: Coverage): string {
  return parts
    .map((part) => printableLine(part, MARGIN_CHARACTERS, covers))
    .filter(Boolean)
    .join('  ·  ');
}

function field(label: string, text: string | null, writer: Writer, length = NAME_CHARACTERS): Field {
  return { label, value: value(text?.trim() ? text : writer.wording.paper.empty, writer, length) };
}

function value(text: string, { wording, covers, longestRun }: Writer, length = NAME_CHARACTERS): Value {
  return { text: printableLine(text, length, covers, longestRun), direction: directionOf(text, wording.direction) };
}

/** `DOE^JANE^^DR` to `DOE, JANE (DR)`; only the first, alphabetic group of the three (PS3.5 6.2.1). */
function personName(name: string): string {
  const [group = ''] = name.split('=').filter((part) => part.trim() !== '');
  if (!group.includes('^')) return group;
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = group.split('^').map((part) => part.trim());
  const forenames = [given, middle].filter(Boolean).join(' ');
  const titles = [prefix, suffix].filter(Boolean).join(', ');
  return `${[family, forenames].filter(Boolean).join(directionOf(family, 'ltr') === 'rtl' ? '، ' : ', ')}${titles === '' ? '' : ` (${titles})`}`;
}

function instant(value: string, wording: Wording): string {
  const time = /T(\d{2}:\d{2})/.exec(value)?.[1];
  return time === undefined ? wording.date(value) : wording.list([wording.date(value), wording.embed(`${time} UTC`)]);
}

function dateOf(created: string): Paper['date'] {
  const [, hour, minute, second] = (/T(\d{2}):(\d{2}):(\d{2})/.exec(created) ?? []).map(Number);
  return { ...(readDate(created) ?? { year: 1970, month: 1, day: 1 }), hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 };
}
