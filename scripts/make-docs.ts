// `npm run docs`: writes the pages that are made from code.
import { writeFileSync } from 'node:fs';
import { describeOptions } from '../src/server/config.ts';
import { configurationPage } from './configuration-page.ts';
import { conformancePage } from './dicom-conformance-page.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationPage(describeOptions()));
console.log('Wrote docs/configuration.md');
writeFileSync(new URL('../docs/dicom-conformance.md', import.meta.url), conformancePage());
console.log('Wrote docs/dicom-conformance.md');
