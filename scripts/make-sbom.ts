import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TARGET = join(ROOT, 'dist', 'sbom.cdx.json');

/** The parts of a CycloneDX document that are used here (https://cyclonedx.org/docs/1.5/json/). */
export type Sbom = {
  bomFormat: string;
  specVersion: string;
  metadata: { component: { name: string; version: string } };
  components: SbomComponent[];
};
export type SbomComponent = {
  name: string;
  version: string;
  purl: string;
  hashes?: { alg: string; content: string }[];
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[];
  /** `cdx:npm:package:development` stands on what is only used to build and test; some of it (the web libraries) is in the built pages. */
  properties?: { name: string; value: string }[];
};

/**
 * Lists every installed package with version, hash and licence, as npm knows them.
 *
 * @throws {Error} with what npm said, if packages are missing or do not fit together
 */
export function makeSbom(root: string): Sbom {
  const { status, stdout, stderr, error } = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--loglevel', 'error'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) throw new Error(`npm sbom failed: ${error?.message ?? stderr}`);
  const sbom = JSON.parse(stdout) as Sbom;
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
  // npm takes the folder's name for that of a package that is not published.
  sbom.metadata.component = { ...sbom.metadata.component, name, version };
  return sbom;
}

if (import.meta.main) {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const sbom = makeSbom(ROOT);
  writeFileSync(TARGET, `${JSON.stringify(sbom, null, 2)}\n`);
  console.log(`${TARGET}: ${sbom.components.length} packages`);
}
