import { newId } from '../src/server/platform/ids.ts';
import type { Scope } from '../src/server/platform/scope.ts';

const AT = '2030-01-01T00:00:00.000Z';

/** A tracked recommendation and a discordance of a study; `owner` stands in whatever text there is. */
export async function makeFollowUps(
  { db }: Scope,
  { study, report, owner }: { study: string; report: string; owner: string },
): Promise<{ followUp: string; discordance: string }> {
  const [followUp, discordance] = [newId(), newId()];
  const shared = { study_instance_uid: study, report_id: report, finding_ids: '[]', status: 'open', reason: null, created_at: AT } as const;
  await db
    .insertInto('follow_up')
    .values({
      ...shared,
      id: followUp,
      rule: 'fleischner-2017',
      version: '2017',
      text: owner,
      options: '[]',
      due_from: '2030-02-01',
      due_to: '2030-03-01',
      done_by_study: null,
      closed_by: null,
      closed_at: null,
    })
    .execute();
  await db
    .insertInto('discordance')
    .values({
      ...shared,
      id: discordance,
      kind: 'model-only',
      observation: 'pneumonia',
      sentence: owner,
      resolution: null,
      resolved_by: null,
      resolved_at: null,
    })
    .execute();
  return { followUp, discordance };
}
