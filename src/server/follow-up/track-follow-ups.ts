import type { Finding } from '../../contract/findings.ts';
import type { Locale, ReportSections } from '../../contract/reports.ts';
import { describeFollowUp, guidelineMark } from '../../reporting/follow-up-wording.ts';
import { appendEvent } from '../events/append-event.ts';
import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/ports.ts';
import { adviseStudy } from './advise-study.ts';
import { deleteFollowUp, type FollowUpRow, insertFollowUp, listFollowUpsOfStudy } from './repository.ts';

export type SignedText = {
  report_id: string;
  study_instance_uid: string;
  sections: ReportSections;
  locale: Locale;
  findings: readonly Finding[];
  at: Date;
};

/**
 * Tracks what the signed report recommends by a guideline: what its recommendation section still names, since the reader may have taken
 * it out. The report of an amendment takes the place of what an earlier version asked for and nobody has closed.
 */
export async function trackFollowUps(tx: Tx, { report_id, study_instance_uid, sections, locale, findings, at }: SignedText): Promise<void> {
  const advice = await adviseStudy(tx, study_instance_uid, findings);
  const asked = advice.filter(
    (one) => one.options.some(({ steps }) => steps.length > 0) && names(sections.recommendation, guidelineMark(one)),
  );
  const former = (await listFollowUpsOfStudy(tx, study_instance_uid)).filter(isByReport);
  for (const row of former) if (row.status === 'open') await deleteFollowUp(tx, row.id);
  for (const one of asked) {
    // What a person has closed is not opened again by a new version that asks for the same.
    const options = JSON.stringify(one.options);
    if (former.some((row) => row.status !== 'open' && row.rule === one.rule && row.options === options)) continue;
    const row: FollowUpRow = {
      id: newId(at),
      study_instance_uid,
      report_id,
      rule: one.rule,
      version: one.version,
      text: describeFollowUp(one, locale),
      finding_ids: JSON.stringify(one.finding_ids),
      options,
      due_from: one.due?.from ?? null,
      due_to: one.due?.to ?? null,
      status: 'open',
      done_by_study: null,
      reason: null,
      closed_by: null,
      closed_at: null,
      created_at: at.toISOString(),
    };
    await insertFollowUp(tx, row);
    await appendEvent(tx, { type: 'follow_up_opened', study_instance_uid, at: row.created_at, ids: { follow_up_id: row.id } });
  }
}

/** One that a reader added by hand stays, whatever a report says. */
function isByReport({ report_id }: FollowUpRow): boolean {
  return report_id !== null;
}

/** As part of the text, whatever marks of direction and kinds of space stand in it. */
function names(text: string, mark: string): boolean {
  const plain = (value: string): string => value.replaceAll(/[\u2066-\u2069]/g, '').replaceAll(/\s+/g, ' ');
  return plain(text).includes(plain(mark));
}
