// `npm run docs`: writes the pages that are made from code.
import { writeFileSync } from 'node:fs';
import { describeOptions } from '../src/server/config.ts';
import { configurationPage } from './configuration-page.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationPage(describeOptions()));
console.log('Wrote docs/configuration.md');
