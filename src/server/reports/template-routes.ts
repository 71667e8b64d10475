import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/report-templates.ts';
import { serve } from '../platform/route.ts';
import { layTemplate } from './draft-report.ts';
import { listMacros, listTemplates, removeMacro, removeTemplate, retireTemplate, saveMacro, saveTemplate } from './manage-templates.ts';

export function reportTemplateRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  serve(http, contract.listReportTemplates, async ({ query, principal, scope }) => ({
    items: await listTemplates(scope, principal, query),
  }));
  serve(http, contract.addReportTemplate, async ({ body, principal, scope }) =>
    saveTemplate({ db: scope.db, now }, principal, { template: body }),
  );
  serve(http, contract.changeReportTemplate, async ({ params, body, principal, scope }) =>
    saveTemplate({ db: scope.db, now }, principal, { id: params.id, template: body }),
  );
  serve(http, contract.retireReportTemplate, async ({ params, body, principal, scope }) =>
    retireTemplate({ db: scope.db, now }, principal, { id: params.id, retired: body.retired }),
  );
  serve(http, contract.deleteReportTemplate, async ({ params, principal, scope }) => {
    await removeTemplate(scope, principal, params.id);
    return { deleted: true };
  });
  serve(http, contract.applyReportTemplate, async ({ params, body, principal, scope }) =>
    layTemplate({ db: scope.db, now }, params.id, {
      template: { id: body.template_id, owner: principal.user_id },
      baseRevision: body.base_revision,
    }),
  );
  serve(http, contract.listReportMacros, async ({ principal, scope }) => ({ items: await listMacros(scope, principal) }));
  serve(http, contract.addReportMacro, async ({ body, principal, scope }) => saveMacro({ db: scope.db, now }, principal, { macro: body }));
  serve(http, contract.changeReportMacro, async ({ params, body, principal, scope }) =>
    saveMacro({ db: scope.db, now }, principal, { id: params.id, macro: body }),
  );
  serve(http, contract.deleteReportMacro, async ({ params, principal, scope }) => {
    await removeMacro(scope, principal, params.id);
    return { deleted: true };
  });
}
