import { type LiteratureEntry, type LiteratureRecord, partialDate, plainDoi } from './record.ts';
import { textKeysOf } from './text-keys.ts';

/** A text is cut into sections of about this many characters, so that what is found is the part that speaks of it. */
const SECTION_CHARACTERS = 20_000;
/** Of a text file; a guideline of 500 pages has about two million. */
export const MAX_GUIDELINE_CHARACTERS = 16_777_216;
const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/;

/**
 * A guideline or another text, plain or Markdown, as one record for each of its sections. Before the text may stand, between two lines of
 * `---`, what is known of it as `name: value`: `title`, `citation`, `date` (`2019-05`), `doi`, `pmid`, `url`, `authors` (with `;`), `type` (a
 * publication type, `Practice Guideline` unless told), `keywords` (with `;`), `revised` (the day of this wording).
 *
 * @param name of the file: it tells one text from another, and is the title where nothing else is
 */
export function readGuideline(name: string, content: string, source: 'guideline' | 'starter' = 'guideline'): LiteratureEntry[] {
  const [head = '', fields = ''] = FRONT_MATTER.exec(content) ?? [];
  const told = fieldsOf(fields);
  const sections = sectionsOf(content.slice(head.length));
  const { stem, keyOf } = textKeysOf(source, name);
  const heading = /^#\s+(.+)$/m.exec(content.slice(head.length))?.[1];
  const title = told['title'] ?? heading ?? stem;
  if (sections.length === 0) return [{ skipped: 'without text' }];
  const record = recordOf(told, source);
  return sections.map(({ title: section, text }, index) => ({
    record: {
      ...record,
      key: keyOf(index),
      title: sections.length > 1 && section !== '' && section !== title ? `${title}: ${section}` : title,
      abstract: told['citation'] && index === 0 ? `${text}\n\nSource: ${told['citation']}` : text,
    },
  }));
}

function recordOf(told: Record<string, string>, source: 'guideline' | 'starter'): Omit<LiteratureRecord, 'key' | 'title' | 'abstract'> {
  const [year = '', month = '', day = ''] = (told['date'] ?? '').split('-');
  const list = (name: string): string[] => (told[name] ?? '').split(/\s*;\s*/).filter((entry) => entry !== '');
  return {
    source,
    authors: list('authors'),
    journal: told['journal'] ?? null,
    published_on: partialDate(year, month, day),
    revised_on: /^\d{4}-\d{2}-\d{2}$/.test(told['revised'] ?? '') ? (told['revised'] ?? null) : null,
    pmid: /^\d{1,9}$/.test(told['pmid'] ?? '') ? (told['pmid'] ?? null) : null,
    pmcid: null,
    doi: plainDoi(told['doi'] ?? ''),
    url: /^https?:\/\/\S+$/.test(told['url'] ?? '') ? (told['url'] ?? null) : null,
    publication_types: told['type'] ? list('type') : ['Practice Guideline'],
    mesh: list('keywords'),
    trial_ids: [],
    first_page: null,
    last_page: null,
    is_preprint: false,
  };
}

function fieldsOf(text: string): Record<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name, value] = /^([a-z_]+):\s*(.*?)\s*$/.exec(line) ?? [];
    return name !== undefined && value ? [[name, value]] : [];
  });
  return Object.fromEntries(pairs);
}

type Section = { title: string; text: string };

/** At headings of the second level, and where a section is longer than one should be, at the next empty line. */
function sectionsOf(text: string): Section[] {
  return text
    .split(/^(?=##?\s)/m)
    .flatMap((part) => {
      const [, title = '', rest = ''] = /^#{1,2}\s+(.*)\r?\n?([\s\S]*)$/.exec(part) ?? ['', '', part];
      return piecesOf(rest).map((piece) => ({ title: title.trim(), text: piece }));
    })
    .filter((section) => section.text !== '');
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > SECTION_CHARACTERS) {
    const end = rest.indexOf('\n\n', SECTION_CHARACTERS / 2);
    const at = end < 0 || end > SECTION_CHARACTERS ? SECTION_CHARACTERS : end;
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return [...pieces, rest];
}
