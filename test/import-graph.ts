import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { IMPORT_RULES } from './architecture-rules.ts';

export type ImportGraph = {
  /** Files seen, relative to the root, packages apart. */
  files: string[];
  /** `rule: from -> to`, one for each broken import. */
  violations: string[];
};

/**
 * Reads every import, types included, of the folders that are named and holds it against the rules.
 *
 * @param root absolute path of the tree; its `src/` is the one that the rules speak of
 */
export async function readImportGraph(root: string, folders: string[]): Promise<ImportGraph> {
  const tsConfig = extractTsConfig(new URL('../tsconfig.json', import.meta.url).pathname);
  const { output } = await cruise(
    folders,
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: [...IMPORT_RULES] },
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)dist/' },
      enhancedResolveOptions: {
        extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
        exportsFields: ['exports'],
        conditionNames: ['import', 'node', 'types'],
      },
    },
    {},
    { tsConfig },
  );
  const { modules, summary } = output as ICruiseResult;
  return {
    files: modules.map(({ source }) => source).filter((source) => !source.includes('node_modules') && /\.(ts|tsx|mjs)$/.test(source)),
    violations: summary.violations.map(({ rule, from, to, cycle }) => {
      const path = cycle?.map(({ name }) => name) ?? [to];
      return `${rule.name}: ${[from, ...path].join(' -> ')}`;
    }),
  };
}
