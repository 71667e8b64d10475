import { keywordOf, tagOf } from '../src/dicom/dictionary.ts';
import { listSopClasses, transferSyntaxes } from '../src/dicom/uids.ts';
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from '../src/dicom/write.ts';
import { canDecode } from '../src/imaging/decode.ts';
import { losesValues } from '../src/imaging/encode.ts';
import { canTranscodeTo } from '../src/imaging/transcode.ts';
import { listTransactions } from '../src/server/dicomweb/capabilities.ts';
import { transitionOf } from '../src/server/dicomweb/workitem-state.ts';
import { MAX_PDU_BYTES } from '../src/server/dimse/association.ts';
import { serviceOf } from '../src/server/dimse/sop-classes.ts';
import { TIMEOUTS } from '../src/server/dimse/timeouts.ts';
import { ERROR_KINDS } from '../src/server/platform/errors.ts';
import { patientAttributes, seriesAttributes, studyAttributes } from '../src/server/studies/attribute-levels-data.ts';
import { columnOf, isSearched, LISTS, NAME_COLUMNS } from '../src/server/studies/search-columns.ts';

/** The DICOM conformance statement (PS3.2), as Markdown; `npm run docs` writes it, a test compares it. */
export function conformancePage(): string {
  return [
    INTRODUCTION,
    `## DIMSE\n\n${dimse()}`,
    `## DICOMweb\n\n${DICOMWEB}\n\n${transactions()}`,
    `## Attributes that are matched\n\n${MATCHING}\n\n${attributes()}`,
    `## Worklist\n\n${WORKLIST}\n\n${transitions()}`,
    `## Transfer syntaxes\n\n${SYNTAXES}\n\n${syntaxes()}`,
    `## Statuses\n\n${STATUSES}\n\n${statuses()}`,
    `## Storage SOP classes\n\n${storage()}`,
    TAIL,
  ].join('\n\n');
}

const INTRODUCTION = `<!-- Made by \`npm run docs\` from the tables that the server itself uses: change it in scripts/dicom-conformance-page.ts. -->
# DICOM conformance statement

What Isocenter does over DIMSE (PS3.7, PS3.8) and DICOMweb (PS3.18), in the order of PS3.2. Every table on this page is made from the code that
decides the matter.

| | |
| --- | --- |
| Implementation class UID | ${code(IMPLEMENTATION_CLASS_UID)} |
| Implementation version name | ${code(IMPLEMENTATION_VERSION_NAME)} |
| Character sets read | all of PS3.3 C.12.1.1.2 |
| Character set written | ISO_IR 192 (UTF-8) |
| Security | TLS 1.2 and 1.3 for HTTP; sessions, tokens or keys for every transaction but the capabilities; an audit trail (PS3.15 A.5) |`;

const DICOMWEB = `The service is at \`/dicom-web\`. \`GET\` or \`OPTIONS\` there describes it as WADL or JSON. Searches answer in pages; objects come in the transfer
syntax of \`Accept\`, without one in explicit VR little endian, with \`*\` as they are stored. Objects are stored with their attributes as they came: nothing is
coerced, so there are no warnings (0008,1196). The same object a second time, also in another transfer syntax, counts as stored; the same UID
with another content is refused.`;

const MATCHING = `By the rules of PS3.4 C.2.2.2, also for keys within sequences: single value, UID list, wildcard, range of dates, times and moments, empty value,
several values; person names by component group, with fuzzy matching on demand. Any attribute of a level or of one above may be a key, private ones
too; those of the column "index" are decided by an index, others by looking at what the index leaves.`;

const WORKLIST = `Unified Procedure Steps (PS3.4 CC) over UPS-RS. Searches match any attribute. Events go over a WebSocket per application entity title, in order, at least
once; those that nobody fetches are dropped after a day. Finished workitems are kept for a week, and longer under a deletion lock. There is
no SCP status change event: workitems and subscriptions outlast a restart. What a change of state does:`;

const SYNTAXES = `Stored: objects in any of these are taken and given back as they came. Read: pixels can be shown, transcoded and analyzed. Written: objects and
frames can be given in it; where values would be lost, frames and pictures alone.`;

const STATUSES = `What a refusal is called in each protocol. Over STOW-RS the status of C-STORE is the failure reason (0008,1197).`;

const TAIL = `Other SOP classes below the root of storage, which the standard has added since, are stored too, and private ones that
\`ISOCENTER_PRIVATE_SOP_CLASSES\` names. A DICOMDIR is refused.
`;

function dimse(): string {
  const rows = listSopClasses().flatMap(({ uid, name }) => {
    const service = serviceOf(uid, new Set());
    if (!service || service.kind === 'storage') return [];
    return [`| ${name} | ${code(uid)} | ${[service.kind, 'root' in service ? `${service.root} root` : ''].filter(Boolean).join(', ')} |`];
  });
  const seconds = Object.entries(TIMEOUTS).map(([name, ms]) => `| \`${name}\` | ${ms / 1000} s |`);
  return [
    `Every storage SOP class of the list at the end is accepted as SCP, besides these services:`,
    table(['SOP class', 'UID', 'as SCP'], rows),
    `PDUs of up to ${MAX_PDU_BYTES} bytes are received. Only peers that are listed may associate, each for what it is listed for. An association waits:`,
    table(['for', 'at most'], seconds),
  ].join('\n\n');
}

function transactions(): string {
  const rows = listTransactions().map(
    ({ method, path, summary, takes, gives }) =>
      `| \`${method} ${path}\` | ${cell(summary)} | ${takes.map(code).join('<br>')} | ${gives.map(code).join('<br>')} |`,
  );
  return table(['transaction', 'what it does', 'takes', 'gives'], rows);
}

function attributes(): string {
  const rows = Object.entries({ patient: patientAttributes, study: studyAttributes, series: seriesAttributes }).flatMap(([level, names]) =>
    names
      .trim()
      .split(/\s+/)
      .filter((name) => isSearched(tagOf(name) ?? ''))
      .map((name) => attributeRow(level, tagOf(name) ?? '')),
  );
  const instance = ['00080018', '00080016', '00200013', '00280010', '00280011', '00280100', '00083002'];
  return table(
    ['level', 'attribute', 'tag', 'index'],
    [...rows, ...instance.map((tag) => attributeRow('instance', tag)), '| instance | every other |  |  |'],
  );
}

function attributeRow(level: string, tag: string): string {
  const isIndexed = columnOf(tag) !== undefined || Object.hasOwn(NAME_COLUMNS, tag) || Object.hasOwn(LISTS, tag);
  return `| ${level} | ${keywordOf(tag)} | (${tag.slice(0, 4)},${tag.slice(4)}) | ${yes(isIndexed)} |`;
}

const STATES = ['SCHEDULED', 'IN PROGRESS', 'COMPLETED', 'CANCELED'] as const;

function transitions(): string {
  const outcome = (state: (typeof STATES)[number], wanted: (typeof STATES)[number], transaction: string | undefined): string => {
    try {
      const held = { state, transaction_uid: state === 'SCHEDULED' ? null : 'its own' };
      return transitionOf(held, wanted, transaction) === 'done' ? 'nothing, with a warning' : `${wanted}`;
    } catch (error) {
      return `409: ${error instanceof Error ? error.message : ''}`;
    }
  };
  const rows = STATES.flatMap((state) =>
    STATES.map((wanted) => `| ${state} | ${wanted} | ${outcome(state, wanted, 'its own')} | ${outcome(state, wanted, 'another')} |`),
  );
  return table(['from', 'asked for', 'with its transaction UID, or the first', 'with another'], rows);
}

function syntaxes(): string {
  const rows = Object.entries(transferSyntaxes).map(([uid, { name, encapsulated }]) => {
    const written = canTranscodeTo(uid) ? (losesValues(uid) ? 'frames' : 'yes') : '';
    return `| ${name} | ${code(uid)} | yes | ${yes(!encapsulated || canDecode(uid))} | ${written} |`;
  });
  return table(['transfer syntax', 'UID', 'stored', 'read', 'written'], rows);
}

function statuses(): string {
  const rows = Object.entries(ERROR_KINDS).map(
    ([kind, { title, http, dimse: status }]) =>
      `| \`${kind}\` | ${title} | ${http} | ${status.toString(16).toUpperCase().padStart(4, '0')} |`,
  );
  return table(['kind', 'meaning', 'HTTP', 'C-STORE'], rows);
}

function storage(): string {
  const stored = listSopClasses().filter(({ uid }) => serviceOf(uid, new Set())?.kind === 'storage');
  return table(
    ['SOP class', 'UID'],
    stored.map(({ uid, name }) => `| ${name} | ${code(uid)} |`),
  );
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return [`| ${heads.join(' | ')} |`, `| ${heads.map(() => '---').join(' | ')} |`, ...rows].join('\n');
}

function yes(is: boolean): string {
  return is ? 'yes' : '';
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
