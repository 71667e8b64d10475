import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeSbom, type Sbom, type SbomComponent } from '../scripts/make-sbom.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Licences that ask for no more than their notice; of fonts, that they are not sold by themselves. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Unlicense',
  'Zlib',
]);
/** Others that are in use, and why they may be. A line that is no longer needed fails as well. */
const EXCEPTIONS: Record<string, string> = {
  '@img/sharp-libvips': 'LGPL-3.0-or-later: a shared library of its own file, loaded at run time, which anybody may replace',
  lightningcss: 'MPL-2.0: compiles style sheets when the pages are built; nothing of it is in them',
  'axe-core': 'MPL-2.0: looks at the pages in tests; nothing of it is in them',
  argparse: 'Python-2.0, which is permissive: comes with the YAML reader of vtk.js; nothing of it is in the pages',
  'caniuse-lite': 'CC-BY-4.0: data that a build looks browsers up in; comes with vtk.js, nothing of it is in the pages',
  'combine-errors': 'says MIT in its readme; part of the upload client in tests',
};

let sbom: Sbom;
beforeAll(() => {
  sbom = makeSbom(ROOT);
});

describe('the bill of materials', () => {
  test('is CycloneDX, names this program, and every package that it depends on with version and hash', () => {
    const { name, version, dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name, version } } });
    const listed = new Map(sbom.components.map((component) => [component.name, component]));
    for (const dependency of Object.keys(dependencies)) {
      expect(listed.get(dependency), dependency).toMatchObject({
        version: expect.stringMatching(/^\d+\./),
        purl: expect.stringMatching(/^pkg:npm\//),
        hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
      });
      expect(listed.get(dependency)?.properties ?? []).not.toContainEqual({ name: 'cdx:npm:package:development', value: 'true' });
    }
  });
});

describe('licences', () => {
  const exceptionOf = ({ name }: SbomComponent) => Object.keys(EXCEPTIONS).find((known) => name === known || name.startsWith(`${known}-`));

  test('of all packages are permissive, or an exception says why not', () => {
    expect(sbom.components.length).toBeGreaterThan(100);
    const others = sbom.components.filter((component) => !isPermissive(licenceOf(component)));
    expect(others.filter((component) => !exceptionOf(component)).map((component) => `${component.name}: ${licenceOf(component)}`)).toEqual(
      [],
    );
    expect(Object.keys(EXCEPTIONS).filter((name) => !others.some((component) => exceptionOf(component) === name))).toEqual([]);
  });

  test('are judged as the expressions that they are', () => {
    for (const licence of ['MIT', '(MIT OR GPL-3.0-only)', 'MIT AND OFL-1.1', '(MIT AND (ISC OR GPL-2.0-only))'])
      expect(isPermissive(licence), licence).toBe(true);
    for (const licence of ['', 'GPL-3.0-only', 'MIT AND GPL-3.0-only', '(AGPL-3.0-only OR LGPL-3.0-only)', 'SEE LICENSE IN LICENSE'])
      expect(isPermissive(licence), licence).toBe(false);
  });
});

function licenceOf({ licenses = [] }: SbomComponent): string {
  return licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '').join(' AND ');
}

/** Reads an SPDX licence expression (AND binds before OR) of names alone; what is none is not permissive. */
function isPermissive(expression: string): boolean {
  const words = expression.match(/[()]|[^\s()]+/g) ?? [];
  const any = (): boolean => {
    let result = all();
    while (words[0] === 'OR' && words.shift()) result = all() || result;
    return result;
  };
  const all = (): boolean => {
    let result = one();
    while (words[0] === 'AND' && words.shift()) result = one() && result;
    return result;
  };
  const one = (): boolean => {
    const word = words.shift();
    if (word !== '(') return word !== undefined && PERMISSIVE.has(word);
    const result = any();
    return words.shift() === ')' && result;
  };
  const result = any();
  return result && words.length === 0;
}
