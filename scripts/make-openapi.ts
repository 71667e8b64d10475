// `npm run openapi`: writes openapi.json from the endpoint objects of src/contract.
import { writeFileSync } from 'node:fs';
import { openApiDocument } from '../src/server/openapi.ts';

writeFileSync(new URL('../openapi.json', import.meta.url), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
console.log('Wrote openapi.json');
