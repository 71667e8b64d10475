import type { Insertion } from '../../contract/report-checks.ts';
import type { SectionName } from '../../contract/reports.ts';

/** What can stand open over the draft. */
export type EditorDialog = 'sign' | 'redraft' | 'insert' | 'macros' | 'template' | 'templates' | 'critical' | 'preview' | 'keys';

/** What a dialog wants in the text once it is closed; `at`: behind this section's text rather than at the cursor. */
export type Put = { insertion: Pick<Insertion, 'text' | 'finding_id' | 'is_generated'> | { text: string }; at?: SectionName };
