import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

/** Longest file, in lines. What is data rather than code is excepted by path. */
const MAX_LINES = 300;
const LONG_BY_NATURE =
  /dictionary|platform\/schema\.ts$|-data\.ts$|^src\/dicom\/tags\.ts$|-tables?\.ts$|\/tables\/|^src\/web\/strings\/([a-z-]+\/)?[a-z]{2}\.ts$|\/migrations\/|generated/;
/** Configuration files, and worker files: what loads them calls the default export. */
const DEFAULT_EXPORT_ASKED = /\.config\.ts$|\.d\.ts$|-worker\.ts$/;
/** Names that say nothing about what is inside. */
const EMPTY_NAMES = /^(utils?|helpers?|types?|common|shared|misc|index)\.[a-z.]+$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+){0,2}\.(ts|mjs)$/;
const COMPONENT = /^([A-Z][A-Za-z0-9]*|[a-z0-9]+(-[a-z0-9]+)*)(\.test)?\.tsx$/;

/** Every file that is tracked or would be, relative to `root`. @throws {Error} outside of a git checkout */
export function listSources(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  const files = listed.split('\0').filter((file) => file !== '');
  return [...new Set(files)].filter((file) => statSync(join(root, file), { throwIfNoEntry: false })?.isFile());
}

/** What a TypeScript or JavaScript file breaks of STYLE.md, one sentence each; the path is relative to the root. */
export function styleViolations(path: string, code: string): string[] {
  const found: string[] = [];
  const name = basename(path);
  const lines = code.split('\n').length - 1;
  if (lines > MAX_LINES && !LONG_BY_NATURE.test(path)) found.push(`has ${lines} lines, more than ${MAX_LINES}`);
  if (EMPTY_NAMES.test(name)) found.push('has a name that says nothing about what is inside');
  if (!(name.endsWith('.tsx') ? COMPONENT : KEBAB).test(name)) found.push('is not named in kebab-case (a component: PascalCase.tsx)');

  const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  if (isBarrel(file)) found.push('only passes on what other files export');
  if (!DEFAULT_EXPORT_ASKED.test(path) && file.statements.some(isDefaultExport)) found.push('has a default export');
  for (const line of linesWithAny(file)) found.push(`says \`any\` on line ${line}`);
  if (/@ts-(ignore|nocheck|expect-error)/.test(code)) found.push('switches the type check off');
  return found.map((violation) => `${path} ${violation}`);
}

/** Names of the tables in a type of the schema file. */
export function tableNames(code: string, type: 'TenantTables' | 'GlobalTables'): string[] {
  const file = ts.createSourceFile('schema.ts', code, ts.ScriptTarget.Latest, true);
  const tables = file.statements.filter(ts.isTypeAliasDeclaration).find((alias) => alias.name.text === type);
  if (!tables || !ts.isTypeLiteralNode(tables.type)) return [];
  return tables.type.members.flatMap((member) => (member.name && ts.isIdentifier(member.name) ? [member.name.text] : []));
}

/** The texts of all raw SQL in a file (`sql` templates and `sql.raw`), with a question mark for each part. */
export function rawSqlOf(path: string, code: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag) && node.tag.text === 'sql')
      found.push(templateText(node.template));
    if (ts.isCallExpression(node) && node.expression.getText() === 'sql.raw')
      found.push(...node.arguments.map((argument) => (ts.isTemplateLiteral(argument) ? templateText(argument) : argument.getText())));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true));
  return found;
}

function templateText(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.head.text + template.templateSpans.map(({ literal }) => `?${literal.text}`).join('');
}

/** Whether a table's name is snake_case and its last word in the singular. */
export function isSingularSnakeCase(name: string): boolean {
  const last = name.split('_').at(-1) ?? '';
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) && (!last.endsWith('s') || /(ss|us|is)$|^series$/.test(last));
}

export function readSource(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function isBarrel(file: ts.SourceFile): boolean {
  const exports = file.statements.filter((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier);
  return exports.length > 0 && file.statements.every((statement) => ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement));
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true;
  return ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}

function linesWithAny(file: ts.SourceFile): number[] {
  const lines: number[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) lines.push(file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return lines;
}
