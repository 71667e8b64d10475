/** One line of the eligibility text. */
export type Criterion = { kind: 'inclusion' | 'exclusion'; text: string };

const HEADING =
  /^\W*(?:(?:key|main|major|general|additional|patient|subject|participant)\s+)*(inclusion|exclusion)(?:\s+criteri(?:a|on))?(?:\s+(?:for|of)\s+[^:]{1,80})?\s*[:.]?\W*$/i;
/** A heading with its first criterion on the same line. */
const HEADING_BEFORE = /^\W*(?:key\s+|main\s+)?(inclusion|exclusion)\s+criteri(?:a|on)\s*:\s*(.+)$/i;
/** `*`, `-`, `•`, `1.`, `2)`, `a.`, `(iv)` */
const BULLET = /^(\s*)(?:[*•·–-]+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+(.*)$/i;
const MAX_CRITERIA = 200;

/**
 * The criteria of a registration, one for each bullet or paragraph. What is indented under a bullet belongs to it, since it often lists
 * alternatives. Text before the first heading counts as inclusion.
 *
 * @param text `eligibilityCriteria` of ClinicalTrials.gov: markup of lists, headings as people write them
 */
export function readCriteria(text: string): Criterion[] {
  const criteria: Criterion[] = [];
  let kind: Criterion['kind'] = 'inclusion';
  let indent: number | undefined;
  for (const line of text.replaceAll(/\\([<>*_[\]-])/g, '$1').split(/\r?\n/)) {
    if (line.trim() === '') {
      // A paragraph ends; a list may go on after an empty line.
      if (indent === undefined) continue;
      continue;
    }
    const [, heading] = HEADING.exec(line) ?? [];
    const [, before, rest] = HEADING_BEFORE.exec(line) ?? [];
    const named = heading ?? before;
    if (named !== undefined) {
      kind = named.toLowerCase() === 'inclusion' ? 'inclusion' : 'exclusion';
      indent = undefined;
      if (rest) criteria.push({ kind, text: tidy(rest) });
      continue;
    }
    const [, space = '', content] = BULLET.exec(line) ?? [];
    const last = criteria.at(-1);
    if (content === undefined) {
      const goesOn = last !== undefined && last.kind === kind && indent !== undefined && /^\s/.test(line);
      if (goesOn) last.text = tidy(`${last.text} ${line}`);
      else criteria.push({ kind, text: tidy(line) });
      continue;
    }
    if (last !== undefined && last.kind === kind && indent !== undefined && space.length > indent) {
      last.text = tidy(`${last.text.replace(/:$/, '')}; ${content}`);
      continue;
    }
    indent = space.length;
    criteria.push({ kind, text: tidy(content) });
  }
  return criteria.filter((criterion) => criterion.text !== '').slice(0, MAX_CRITERIA);
}

function tidy(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** `18 Years`, `6 Months` in years; null for what gives no limit. */
export function readAge(text: string | undefined): number | null {
  const [, number, unit = ''] = /^\s*(\d{1,4})\s*(year|month|week|day|hour|minute)s?\s*$/i.exec(text ?? '') ?? [];
  if (number === undefined) return null;
  return Number(number) * (YEARS[unit.toLowerCase()] ?? 0);
}

const YEARS: Record<string, number> = { year: 1, month: 1 / 12, week: 7 / 365.25, day: 1 / 365.25, hour: 1 / 8_766, minute: 1 / 525_960 };
