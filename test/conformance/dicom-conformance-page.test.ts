import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { conformancePage } from '../../scripts/dicom-conformance-page.ts';

it('docs/dicom-conformance.md says what the code does (`npm run docs` writes it)', () => {
  expect(readFileSync(new URL('../../docs/dicom-conformance.md', import.meta.url), 'utf8')).toBe(conformancePage());
});

it('names services, syntaxes, attributes and changes of state from their tables', () => {
  const page = conformancePage();
  for (const row of [
    '| Study Root Query/Retrieve Information Model - FIND | `1.2.840.10008.5.1.4.1.2.2.1` | find, study root |',
    '| CT Image Storage | `1.2.840.10008.5.1.4.1.1.2` |',
    '| High-Throughput JPEG 2000 (Lossless Only) | `1.2.840.10008.1.2.4.201` | yes | yes | yes |',
    '| JPEG Baseline (Process 1) | `1.2.840.10008.1.2.4.50` | yes | yes | frames |',
    '| patient | PatientName | (0010,0010) | yes |',
    '| SCHEDULED | IN PROGRESS | IN PROGRESS | IN PROGRESS |',
    '| IN PROGRESS | COMPLETED | COMPLETED | 409: The Transaction UID is incorrect |',
  ])
    expect(page).toContain(row);
  expect(page).not.toContain('undefined');
});
