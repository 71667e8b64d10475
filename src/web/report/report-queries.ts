import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { listCriticalResults } from '../../contract/critical-results.ts';
import { checkReport, listInsertions } from '../../contract/report-checks.ts';
import { listReportMacros, listReportTemplates } from '../../contract/report-templates.ts';
import type { Locale } from '../../contract/reports.ts';
import { call } from '../api.ts';

/** Of the stored text with that revision. */
export const checksQuery = (uid: string, { id, revision }: { id: string; revision: number }) =>
  queryOptions({
    queryKey: ['study', uid, 'checks', id, revision],
    queryFn: ({ signal }) => call(checkReport, { params: { id } }, { signal }),
    placeholderData: keepPreviousData,
  });

export const insertionsQuery = (uid: string, id: string) =>
  queryOptions({
    queryKey: ['study', uid, 'insertions', id],
    queryFn: ({ signal }) => call(listInsertions, { params: { id } }, { signal }),
  });

export const criticalResultsQuery = (uid: string) =>
  queryOptions({
    queryKey: ['study', uid, 'critical-results'],
    queryFn: ({ signal }) => call(listCriticalResults, { query: { study_instance_uid: uid } }, { signal }),
  });

export const macrosQuery = queryOptions({
  queryKey: ['report-macros'],
  queryFn: ({ signal }) => call(listReportMacros, undefined, { signal }),
});

export const templatesQuery = ({
  locale,
  modality,
  body_part,
}: {
  locale: Locale;
  modality: string | undefined;
  body_part: string | undefined;
}) =>
  queryOptions({
    queryKey: ['report-templates', locale, modality, body_part],
    queryFn: ({ signal }) =>
      call(listReportTemplates, { query: { locale, ...(modality ? { modality } : {}), ...(body_part ? { body_part } : {}) } }, { signal }),
  });
