import { type Expression, expressionBuilder, type OperationNode, type SqlBool, sql } from 'kysely';
import { type SystemTables, TENANT_TABLES, type TenantTable } from '../platform/schema.ts';
import type { Visibility } from '../platform/visibility.ts';

type Limited = Exclude<Visibility, { kind: 'tenant' }>;
type Limit = { tenantId: string; visibility: Limited };
type Condition = Expression<SqlBool>;

/** Of what there is about a study, what its patient, or the holder of a shared link, may see; all else is for those who work on it. */
const RELEASED: ReadonlySet<TenantTable> = new Set(['study', 'series', 'instance', 'report', 'report_addendum']);
const SIGNED = ['final', 'amended'] as const;

/**
 * What limits a table's rows besides their tenant; undefined if nothing does.
 *
 * @param alias the table's name in the statement; names that begin with `visible_` are ours
 */
export function visibleRows(
  { tenantId, visibility }: { tenantId: string; visibility: Visibility },
  table: TenantTable,
  alias: string,
): OperationNode | undefined {
  const by = TENANT_TABLES[table];
  if (visibility.kind === 'tenant' || by === 'everybody') return undefined;
  const limit = { tenantId, visibility };
  const key = sql.ref<string>(`${alias}.${by}`);
  return (by === 'study_instance_uid' ? aboutStudy(limit, table, { alias, study: key }) : aboutPatient(limit, key)).toOperationNode();
}

function aboutStudy(limit: Limit, table: TenantTable, { alias, study }: { alias: string; study: Expression<string> }): Condition {
  const { visibility } = limit;
  const eb = expressionBuilder<SystemTables>();
  if (visibility.kind !== 'own' && visibility.kind !== 'shared') return visibleStudy(limit, study);
  if (!RELEASED.has(table)) return eb.lit(false);
  const released = visibleStudy(limit, study);
  if (table !== 'report' && table !== 'report_addendum') return released;
  const signed = eb.and([released, eb(sql.ref<string>(`${alias}.status`), 'in', SIGNED)]);
  const only = visibility.kind === 'shared' ? visibility.report_id : null;
  return only === null ? signed : eb.and([signed, eb(sql.ref<string>(`${alias}.${table === 'report' ? 'id' : 'report_id'}`), '=', only)]);
}

/** Who has a visible study. */
function aboutPatient(limit: Limit, patient: Expression<string>): Condition {
  const eb = expressionBuilder<SystemTables>();
  if (limit.visibility.kind === 'own') return eb(patient, '=', limit.visibility.patient_key);
  return eb.exists(
    eb
      .selectFrom('study as visible_of')
      .select('visible_of.study_instance_uid')
      .where('visible_of.tenant_id', '=', limit.tenantId)
      .where('visible_of.patient_key', '=', patient)
      .where(visibleStudy(limit, sql.ref<string>('visible_of.study_instance_uid'))),
  );
}

function visibleStudy({ tenantId, visibility }: Limit, study: Expression<string>): Condition {
  const eb = expressionBuilder<SystemTables>();
  switch (visibility.kind) {
    case 'none':
      return eb.lit(false);
    case 'study':
    case 'shared':
      return eb(study, '=', visibility.study_instance_uid);
    case 'label':
      return eb.exists(
        eb
          .selectFrom('study_label as visible_label')
          .select('visible_label.label')
          .where('visible_label.tenant_id', '=', tenantId)
          .where('visible_label.study_instance_uid', '=', study)
          .where('visible_label.label', '=', visibility.label),
      );
    case 'assigned':
      return eb.exists(
        eb
          .selectFrom('study_assignment as visible_assignment')
          .select('visible_assignment.user_id')
          .where('visible_assignment.tenant_id', '=', tenantId)
          .where('visible_assignment.study_instance_uid', '=', study)
          .where('visible_assignment.user_id', '=', visibility.user_id),
      );
    case 'own':
      return eb.exists(
        eb
          .selectFrom('study as visible_own')
          .innerJoin('report as visible_report', (join) =>
            join
              .onRef('visible_report.tenant_id', '=', 'visible_own.tenant_id')
              .onRef('visible_report.study_instance_uid', '=', 'visible_own.study_instance_uid'),
          )
          .select('visible_own.study_instance_uid')
          .where('visible_own.tenant_id', '=', tenantId)
          .where('visible_own.study_instance_uid', '=', study)
          .where('visible_own.patient_key', '=', visibility.patient_key)
          .where('visible_report.status', 'in', SIGNED),
      );
  }
}
