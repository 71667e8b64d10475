import { parse } from 'csv-parse/sync';
import { parseCondition } from './condition.ts';
import type { Drug, InteractionRule, KnowledgeTables, Target } from './knowledge.ts';

/** A table that cannot be used; names the file, the row and the reason. */
export class KnowledgeError extends Error {}

export type KnowledgeManifest = { source: string; version: string; valid_from: string; valid_until?: string | undefined };
/** Files by name, with the columns that docs/clinical/drug-safety.md lists; UTF-8, header row, `,` or `;`. */
export type KnowledgeFiles = Readonly<Record<string, string>>;

type Row = { at: string; get: (column: string) => string; required: (column: string) => string };

const SEVERITIES = ['contraindicated', 'major', 'moderate', 'minor'] as const;
const TARGET_TYPES = ['drug', 'class', 'atc', 'rxcui'] as const;
const DISPLAYS = ['interruptive', 'passive', 'off'] as const;

/**
 * Reads the tables of one source of knowledge. All or nothing: the first row that is not valid refuses the whole.
 *
 * @throws {KnowledgeError}
 */
export function readKnowledgeTables(files: KnowledgeFiles, manifest: KnowledgeManifest): KnowledgeTables {
  const rows = (name: string): Row[] => readRows(name, files[name] ?? '');
  const classRows = rows('classes.csv').map((row) => ({
    id: row.required('class_id'),
    name: row.get('name') || row.required('class_id'),
    member: row.get('member_drug_id'),
  }));
  const classes = [...new Map(classRows.map(({ id, name }) => [id, { id, name }])).values()];
  return {
    source: manifest.source,
    version: manifest.version,
    validFrom: manifest.valid_from,
    validUntil: manifest.valid_until ?? null,
    classes,
    members: classRows.flatMap(({ id, member }) => (member === '' ? [] : [{ class: id, drug: member }])),
    drugs: rows('drugs.csv').map(drugOf),
    interactions: rows('interactions.csv').map(interactionOf),
    additive: rows('additive.csv').map((row) => ({
      ...ruleOf(row),
      class: row.required('class_id'),
      minCount: numberOf(row, 'min_count') ?? 2,
    })),
    conditions: rows('drug_disease.csv').map((row) => ({
      ...ruleOf(row),
      target: targetOf(row, 'target'),
      kind: oneOf(row, 'kind', ['condition', 'pregnancy', 'lactation'] as const),
      icd10: listOf(row.get('icd10')),
      words: listOf(row.get('words')),
    })),
    doses: rows('dose.csv').map((row) => ({
      ...ruleOf(row),
      drug: row.required('drug_id'),
      route: row.get('route') || null,
      maxSingleMg: numberOf(row, 'max_single_mg'),
      maxDailyMg: numberOf(row, 'max_daily_mg'),
      maxSingleMgPerKg: numberOf(row, 'max_single_mg_per_kg'),
      maxDailyMgPerKg: numberOf(row, 'max_daily_mg_per_kg'),
    })),
    allergies: rows('allergy.csv').map((row) => ({
      ...ruleOf(row),
      group: row.required('group_id'),
      words: listOf(row.get('words')),
      allergen: targetsOf(row, 'allergen'),
      alertsFor: targetsOf(row, 'alerts_for'),
    })),
    contrast: rows('contrast.csv').map((row) => ({
      ...ruleOf(row),
      policy: oneOf(row, 'policy', ['acr', 'fda', 'esur', 'all'] as const),
      contrast: oneOf(row, 'contrast', ['iodinated', 'gadolinium'] as const),
      routes: listOf(row.get('routes')),
      target: row.get('target') ? targetOf(row, 'target') : null,
      agent: row.get('agent') ? targetOf(row, 'agent') : null,
      icd10: listOf(row.get('icd10')),
      words: listOf(row.get('words')),
    })),
    lowPriority: rows('low_priority.csv').map((row) => ({
      id: row.required('rule_id'),
      a: targetOf(row, 'a'),
      b: targetOf(row, 'b'),
      citation: row.required('citation'),
    })),
  };
}

function readRows(name: string, text: string): Row[] {
  if (text.trim() === '') return [];
  const [header = ''] = text.split(/\r?\n/, 1);
  let records: Record<string, string>[];
  try {
    records = parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true, delimiter: header.includes(';') ? ';' : ',' });
  } catch (error) {
    throw new KnowledgeError(`${name}: ${error instanceof Error ? error.message : 'not readable as CSV'}`);
  }
  return records.map((record, index) => {
    const at = `${name}, row ${index + 2}`;
    const get = (column: string): string => record[column] ?? '';
    const required = (column: string): string => {
      const value = get(column);
      if (value === '') throw new KnowledgeError(`${at}: ${column} is empty`);
      return value;
    };
    return { at, get, required };
  });
}

function drugOf(row: Row): Drug {
  return {
    id: row.required('drug_id'),
    inn: row.required('inn'),
    names: [...listOf(row.get('synonyms')), ...listOf(row.get('brands'))],
    rxcui: row.get('rxcui') || null,
    atc: listOf(row.get('atc')),
    classes: listOf(row.get('classes')),
    parts: listOf(row.get('parts')),
  };
}

function interactionOf(row: Row): InteractionRule {
  return { ...ruleOf(row), a: targetOf(row, 'a'), b: targetOf(row, 'b') };
}

function ruleOf(row: Row) {
  const condition = row.get('condition_expr');
  try {
    parseCondition(condition);
  } catch (error) {
    throw new KnowledgeError(`${row.at}: condition_expr: ${error instanceof Error ? error.message : 'not valid'}`);
  }
  return {
    id: row.required('rule_id'),
    severity: oneOf(row, 'severity', SEVERITIES),
    display: oneOf(row, 'display', DISPLAYS),
    effect: row.required('effect'),
    mechanism: row.get('mechanism') || null,
    management: row.required('management'),
    evidence: row.required('evidence'),
    citation: row.required('citation'),
    condition,
  };
}

function targetOf(row: Row, side: string): Target {
  const typed = row.get(`${side}_type`);
  const text = typed === '' ? row.required(side) : `${typed}:${row.required(`${side}_code`)}`;
  return readTarget(row, text);
}

function targetsOf(row: Row, column: string): Target[] {
  return listOf(row.get(column)).map((text) => readTarget(row, text));
}

function readTarget(row: Row, text: string): Target {
  const match = /^(drug|class|atc|rxcui):(\S.*)$/.exec(text);
  const type = TARGET_TYPES.find((one) => one === match?.[1]);
  if (!match?.[2] || !type) throw new KnowledgeError(`${row.at}: '${text}' is not drug:…, class:…, atc:… or rxcui:…`);
  return { type, code: match[2] };
}

function oneOf<const T extends string>(row: Row, column: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === row.required(column));
  if (!found) throw new KnowledgeError(`${row.at}: ${column} must be one of ${allowed.join(', ')}`);
  return found;
}

function numberOf(row: Row, column: string): number | null {
  const text = row.get(column);
  if (text === '') return null;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new KnowledgeError(`${row.at}: ${column} must be a number that is not negative`);
  return value;
}

function listOf(text: string): string[] {
  return text
    .split('|')
    .map((one) => one.trim())
    .filter(Boolean);
}
