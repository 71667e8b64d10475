import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namedTable } from '../src/server/infra/raw-table-names.ts';
import { IMPORT_RULES } from './architecture-rules.ts';
import { type ImportGraph, readImportGraph } from './import-graph.ts';
import { isSingularSnakeCase, listSources, rawSqlOf, readSource, styleViolations, tableNames } from './source-rules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

describe('imports', () => {
  let graph: ImportGraph;
  beforeAll(async () => {
    graph = await readImportGraph(ROOT, ['src', 'test', 'bench', 'scripts']);
  });

  test('every layer is looked at', () => {
    // A type checker without an API makes the tool see nothing and pass; a plausible number of files proves that it saw.
    expect(graph.files.length).toBeGreaterThan(100);
    for (const folder of ['src/contract/', 'src/dicom/', 'src/imaging/', 'src/server/platform/', 'src/web/', 'test/'])
      expect(
        graph.files.some((file) => file.startsWith(folder)),
        folder,
      ).toBe(true);
  });

  test.each(IMPORT_RULES.map(({ name }) => name))('%s', (rule) => {
    expect(graph.violations.filter((violation) => violation.startsWith(`${rule}: `))).toEqual([]);
  });
});

describe('the import check itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isocenter-imports-'));
  let violations: string[];

  beforeAll(async () => {
    for (const [path, code] of Object.entries(BROKEN_TREE)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), code);
    }
    ({ violations } = await readImportGraph(folder, ['src']));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    'contract-imports-only-itself: src/contract/a.ts -> src/dicom/a.ts',
    'dicom-imports-only-contract: src/dicom/a.ts -> src/server/platform/ports.ts',
    'imaging-imports-only-dicom-and-contract: src/imaging/a.ts -> src/server/platform/ports.ts',
    'web-imports-only-contract-and-dicom-and-imaging: src/web/Page.tsx -> src/server/platform/ports.ts',
    'server/platform-imports-only-contract: src/server/platform/bad.ts -> src/server/studies/repository.ts',
    'server/infra-imports-only-server/platform-and-contract: src/server/infra/sqlite.ts -> src/server/studies/repository.ts',
    'a-feature-takes-ports-not-adapters: src/server/reports/sign.ts -> src/server/infra/sqlite.ts',
    'a-feature-calls-services-of-others-not-their-routes-or-sql: src/server/reports/sign.ts -> src/server/studies/repository.ts',
    'only-the-command-line-starts-the-server: src/server/reports/sign.ts -> src/server/deps.ts',
    'storage-drivers-only-in-infra: src/server/reports/sign.ts -> node:sqlite',
    'pure-libraries-run-in-the-browser: src/dicom/a.ts -> fs',
    'no-cycles: src/reporting/a.ts -> src/reporting/b.ts -> src/reporting/a.ts',
    'imports-resolve: src/reporting/b.ts -> ./nowhere.ts',
  ])('reports %s', (violation) => {
    expect(violations).toContain(violation);
  });

  test('lets through what is allowed', () => {
    expect(violations.filter((violation) => violation.includes(': src/server/studies/'))).toEqual([]);
  });
});

/** A small tree in which most imports break a rule; some of them import only types. */
const BROKEN_TREE = {
  'src/contract/a.ts': `import type { A } from '../dicom/a.ts';\nexport type C = A;\n`,
  'src/dicom/a.ts': `import { readFileSync } from 'node:fs';\nimport type { P } from '../server/platform/ports.ts';\nexport type A = P;\nexport const a = readFileSync;\n`,
  'src/imaging/a.ts': `import type { P } from '../server/platform/ports.ts';\nexport type I = P;\n`,
  'src/web/Page.tsx': `import { type P } from '../server/platform/ports.ts';\nexport const page: P = 1;\n`,
  'src/server/platform/ports.ts': 'export type P = number;\n',
  'src/server/platform/bad.ts': `export { rows } from '../studies/repository.ts';\n`,
  'src/server/infra/sqlite.ts': `import { rows } from '../studies/repository.ts';\nexport const sqlite = rows;\n`,
  'src/server/deps.ts': `import { sqlite } from './infra/sqlite.ts';\nexport const deps = sqlite;\n`,
  'src/server/studies/repository.ts': `import type { P } from '../platform/ports.ts';\nexport const rows: P[] = [];\n`,
  'src/server/studies/routes.ts': `import { rows } from './repository.ts';\nexport const routes = rows;\n`,
  'src/server/reports/sign.ts': `import { DatabaseSync } from 'node:sqlite';\nimport { deps } from '../deps.ts';\nimport { sqlite } from '../infra/sqlite.ts';\nimport { rows } from '../studies/repository.ts';\nexport const sign = [DatabaseSync, deps, sqlite, rows];\n`,
  'src/reporting/a.ts': `import type { B } from './b.ts';\nexport type A = B | 1;\n`,
  'src/reporting/b.ts': `import type { A } from './a.ts';\nimport './nowhere.ts';\nexport type B = A | 2;\n`,
};

describe('tables', () => {
  test('are snake_case and singular', () => {
    const schema = readSource(ROOT, 'src/server/platform/schema.ts');
    const names = [...tableNames(schema, 'TenantTables'), ...tableNames(schema, 'GlobalTables')];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !isSingularSnakeCase(name))).toEqual([]);
    expect(['studies', 'appUser', 'report_sections'].filter(isSingularSnakeCase)).toEqual([]);
  });
});

/** Who works for all tenants, and why; everybody else gets the view of one. A line that is no longer true fails as well. */
const SYSTEM_DB_FILES: Record<string, string> = {
  'src/cli/administration.ts': 'finds the tenant that a command is for',
  'src/cli/keys.ts': 'keys of a tenant that may be suspended',
  'src/cli/literature.ts': 'what is published is the same for all',
  'src/cli/open-tenant.ts': 'finds the tenant that a command is for',
  'src/cli/tenant.ts': 'lists the tenants',
  'src/server/deps.ts': 'opens the database',
  'src/server/handlers.ts': 'sweeps every tenant',
  'src/server/open-administration.ts': 'opens the database for a command',
  'src/server/open-cache.ts': 'opens what asks for the stamps of any tenant',
  'src/server/open-protection.ts': 'opens the keys of tenants',
  'src/server/events/hub.ts': 'one reader for all tenants',
  'src/server/events/prune-events.ts': 'numbers are drawn for all tenants together',
  'src/server/events/read-events.ts': 'the numbers that are kept',
  'src/server/events/repository.ts': 'one reader for all tenants',
  'src/server/dimse/listener.ts': 'finds the tenant that an association is for',

  'src/server/webhooks/dispatch-webhooks.ts': 'finds the tenants that have webhooks',
  'src/server/webhooks/repository.ts': 'finds the tenants that have webhooks',
  'src/server/dimse/own-title.ts': 'reads the title of the tenant',
  'src/server/studies/commit-group.ts': 'commits for several tenants at once',
  'src/server/system/metrics-repository.ts': 'how the installation is',
  'src/server/system/metrics-routes.ts': 'how the installation is',
  'src/server/system/metrics.ts': 'how the installation is',
  'src/server/system/measure-storage.ts': 'what each tenant takes of the disk',
  'src/server/system/storage-repository.ts': 'what each tenant takes of the disk',
  'src/server/system/storage-routes.ts': 'what each tenant takes of the disk',
  'src/server/system/routes.ts': 'health and set-up of the installation',
};
/** Folders of which the same holds. */
const SYSTEM_DB_FOLDERS: Record<string, string> = {
  'src/server/audit/': 'a chain for each tenant, whose checkpoints and sweeps go over all',
  'src/server/cache/': 'the stamps of any tenant',
  'src/server/encryption/': 'keys of all tenants',
  'src/server/identity/': 'who asks is known before the tenant is',
  'src/server/infra/': 'the database itself, and jobs',
  'src/server/literature/': 'what is published is the same for all',
  'src/server/platform/': 'declares it',
  'src/server/tenants/': 'makes and lists tenants',
  'src/server/trials/': 'what is registered is the same for all',
};

describe('tenants', () => {
  const server = filesBelow('src').filter((path) => !/\.test\.tsx?$/.test(path));
  const usesAll = /\b(systemDb|SystemDb|SystemTx|SystemTables|beyondTenant|withoutPlugins)\b/;

  test('the view of all tenants is used where it says why', () => {
    const users = server.filter((path) => usesAll.test(readSource(ROOT, path)));
    const named = users.filter((path) => !Object.keys(SYSTEM_DB_FOLDERS).some((folder) => path.startsWith(folder)));
    expect(named.sort()).toEqual(Object.keys(SYSTEM_DB_FILES).sort());
  });

  test('raw SQL of the features names no table of a tenant', () => {
    const features = server.filter((path) => path.startsWith('src/server/') && !path.startsWith('src/server/infra/migrations/'));
    const named = features.flatMap((path) =>
      rawSqlOf(path, readSource(ROOT, path)).flatMap((text) => (namedTable(text) ? [`${path}: ${text.trim().slice(0, 80)}`] : [])),
    );
    expect(named).toEqual([]);
    const bad = ['sql`select $', '{a} from study`; sql.raw(`from $', '{b} report`)'].join('');
    expect(rawSqlOf('a.ts', bad).map(namedTable)).toEqual(['study', 'report']);
    expect(rawSqlOf('a.ts', 'sql`lower(study.description)`').map(namedTable)).toEqual([undefined]);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path));
}

const sources = sourcesOrNone();
const code = sources.filter((path) => /\.(ts|tsx|mjs)$/.test(path));

describe.skipIf(sources.length === 0)('files (needs git)', () => {
  test('keep the rules of STYLE.md', () => {
    expect(code.length).toBeGreaterThan(100);
    expect(code.flatMap((path) => styleViolations(path, readSource(ROOT, path)))).toEqual([]);
  });

  test('leave nothing for later', () => {
    const mark = new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')})\\b`);
    expect(sources.filter((path) => isText(path) && mark.test(readSource(ROOT, path)))).toEqual([]);
  });

  test('name no path of one machine and no package registry', () => {
    const home = /(?<![\w.:/-])(\/work\/|\/root\/|\/Users\/|\/home\/(?!isocenter\b))|[A-Z]:\\\\?Users/;
    const registry = new RegExp(`https?://(registry|npm)\\.[a-z]|${['registry', 'npmjs', 'org'].join('\\.')}`);
    const checked = sources.filter((path) => isText(path) && path !== 'test/architecture.test.ts');
    expect(checked.filter((path) => home.test(readSource(ROOT, path)) || registry.test(readSource(ROOT, path)))).toEqual([]);
  });
});

test('the style check reports what breaks a rule', () => {
  const found = styleViolations('src/x/utils.ts', `export default 1;\nexport const a = 1 as any;\n${'\n'.repeat(300)}`);
  expect(found).toEqual([
    'src/x/utils.ts has 302 lines, more than 300',
    'src/x/utils.ts has a name that says nothing about what is inside',
    'src/x/utils.ts has a default export',
    'src/x/utils.ts says `any` on line 2',
  ]);
  expect(styleViolations('src/x/all.ts', `export * from './a.ts';\n`)).toEqual(['src/x/all.ts only passes on what other files export']);
  expect(styleViolations('src/x/BadName.ts', 'export const any = 1;\n')).toEqual([
    'src/x/BadName.ts is not named in kebab-case (a component: PascalCase.tsx)',
  ]);
});

test('the lock file names no download addresses', () => {
  expect(readSource(ROOT, 'package-lock.json')).not.toContain('"resolved"');
});

function sourcesOrNone(): string[] {
  try {
    return listSources(ROOT);
  } catch {
    return [];
  }
}

function isText(path: string): boolean {
  return /\.(tsx?|mjs|cjs|js|json|md|py|css|html|ya?ml|sh|typ|sql|toml|conf|svg)$|^\.ci\/|^[A-Z]+$|^\.[a-z]+$/.test(path);
}
