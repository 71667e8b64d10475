import { type Expression, type SqlBool, sql } from 'kysely';
import type { Trial } from '../../clinical/trials/match-trial.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, SystemDb, SystemTx } from '../platform/ports.ts';

/** Rows of one statement. */
const CHUNK = 50;

/** What is searched by is in columns, all of a trial in `content`. A registration that is older than what is held changes nothing. */
export async function putTrials(
  tx: SystemTx,
  trials: readonly Trial[],
  imported_at: string,
): Promise<{ ids: Map<string, number>; updated: number }> {
  const ids = new Map<string, number>();
  const known = await tx
    .selectFrom('trial')
    .select(['nct_id', 'updated_on'])
    .where(
      'nct_id',
      'in',
      trials.map(({ nct_id }) => nct_id),
    )
    .execute();
  const held = new Map(known.map(({ nct_id, updated_on }) => [nct_id, updated_on ?? '']));
  const current = trials.filter(({ nct_id, updated_on }) => (updated_on ?? '') >= (held.get(nct_id) ?? ''));
  for (let from = 0; from < current.length; from += CHUNK) {
    const rows = current
      .slice(from, from + CHUNK)
      .map(({ nct_id, title, status, conditions, sex, minimum_age, maximum_age, updated_on, ...rest }) => {
        const content = JSON.stringify({ nct_id, title, status, conditions, sex, minimum_age, maximum_age, updated_on, ...rest });
        return {
          nct_id,
          title,
          status,
          conditions: JSON.stringify(conditions),
          sex,
          minimum_age,
          maximum_age,
          content,
          updated_on,
          imported_at,
        };
      });
    const written = await tx
      .insertInto('trial')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('nct_id').doUpdateSet(({ ref }) => ({
          title: ref('excluded.title'),
          status: ref('excluded.status'),
          conditions: ref('excluded.conditions'),
          sex: ref('excluded.sex'),
          minimum_age: ref('excluded.minimum_age'),
          maximum_age: ref('excluded.maximum_age'),
          content: ref('excluded.content'),
          updated_on: ref('excluded.updated_on'),
          imported_at: ref('excluded.imported_at'),
        })),
      )
      .returning(['id', 'nct_id'])
      .execute();
    for (const { id, nct_id } of written) ids.set(nct_id, id);
  }
  return { ids, updated: current.filter(({ nct_id }) => held.has(nct_id)).length };
}

/** In the order of the ids. */
export async function findTrials(db: SystemDb, ids: readonly number[]): Promise<Trial[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('trial').select(['id', 'content']).where('id', 'in', ids).execute();
  const byId = new Map(rows.map(({ id, content }) => [id, content]));
  return ids.flatMap((id) => {
    const content = byId.get(id);
    return content === undefined ? [] : [parseColumn<Trial>(content)];
  });
}

/** Trials that a person of this age and sex could take part in, of this status. What is not known leaves nothing out. */
export function candidates({
  age,
  sex,
  statuses,
}: {
  age: number | null;
  sex: string | null;
  statuses: readonly string[];
}): Expression<SqlBool> {
  const conditions = [
    sql<SqlBool>`trial.status in (${sql.join(statuses)})`,
    ...(age === null
      ? []
      : [
          sql<SqlBool>`(trial.minimum_age is null or trial.minimum_age <= ${age}) and (trial.maximum_age is null or trial.maximum_age >= ${age})`,
        ]),
    ...(sex === null ? [] : [sql<SqlBool>`trial.sex in ('all', ${sex})`]),
  ];
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}

/** Birth date and sex of a patient as DICOM has them; undefined for one that is not there or not visible. */
export async function findSubject(db: Db, patientKey: string): Promise<{ birth_date: string | null; sex: string | null } | undefined> {
  return db.selectFrom('patient').select(['birth_date', 'sex']).where('id', '=', patientKey).executeTakeFirst();
}
