import { CHECK_RULES } from '../src/contract/report-checks.ts';
import type { ReportSections } from '../src/contract/reports.ts';
import { PASSWORD } from './app.ts';

/** What a reader has written, and the signature of one who has seen every warning. */
type Signing = { write: { sections: ReportSections }; sign: { password: string; meaning?: string; acknowledged: string[] } };

/** The bodies by which a draft is finished and signed: what the draft leaves to the reader is written. */
export function signingOf(
  { sections }: { sections: ReportSections },
  { password = PASSWORD, meaning }: { password?: string; meaning?: string } = {},
): Signing {
  const words = { findings: 'Read as a whole.', impression: 'Read.', recommendation: '' };
  return {
    write: { sections: { ...sections, ...words } },
    sign: { password, ...(meaning ? { meaning } : {}), acknowledged: [...CHECK_RULES] },
  };
}
