import type { DiagnosisComment } from '../../contract/diagnosis-work.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { insertComment, listUsersByName } from './comment-repository.ts';
import { recordStep } from './record-step.ts';
import { type CommentRow, lockDiagnosis } from './repository.ts';

/** A name after an `@` that does not stand within a word, as in an address. */
const MENTION = /(?<![\p{L}\p{N}._-])@([\p{L}\p{N}][\p{L}\p{N}._-]{0,99})/gu;
const MENTIONS = 20;

/**
 * Adds a comment. Names after `@` that are users' make mentions, each with an event for that user; other names stay text.
 *
 * @throws {AppError} `diagnosis-not-found`, `invalid-request` for a control character that no database keeps
 */
export async function addComment(
  { db, now }: { db: Db; now: () => Date },
  principal: Principal,
  { id, text }: { id: string; text: string },
): Promise<DiagnosisComment> {
  if (text.includes('\u0000')) throw new AppError('invalid-request', 'The text holds a NUL character');
  return db.transaction().execute(async (tx) => {
    const diagnosis = await lockDiagnosis(tx, id);
    const at = now();
    const mentions = await listUsersByName(tx, mentionedIn(text));
    const row: CommentRow = {
      id: newId(at),
      diagnosis_id: id,
      patient_key: diagnosis.patient_key,
      text,
      mentions: JSON.stringify(mentions),
      author_id: principal.user_id,
      author_name: principal.full_name,
      created_at: at.toISOString(),
    };
    await insertComment(tx, row);
    tellAudit(tx, { patient_id: diagnosis.patient_key });
    await recordStep(tx, diagnosis, { type: 'commented', actor: principal.full_name, at, data: { comment_id: row.id } });
    for (const { user_id } of mentions)
      await appendEvent(tx, { type: 'mentioned', at: row.created_at, diagnosis_id: id, ids: { user_id, comment_id: row.id } });
    return commentOf(row);
  });
}

export function commentOf({ diagnosis_id: _, patient_key: __, mentions, ...row }: CommentRow): DiagnosisComment {
  return { ...row, mentions: parseColumn(mentions) };
}

/** Each name once; a dot at its end ends the sentence, too. */
function mentionedIn(text: string): string[] {
  const names = [...text.matchAll(MENTION)].flatMap(([, name = '']) => [name, name.replace(/[._-]+$/, '')]);
  return [...new Set(names)].slice(0, MENTIONS);
}
