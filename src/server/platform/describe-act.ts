import { Compile } from 'typebox/compile';
import type { AuditAction } from '../../contract/audit-terms.ts';
import { PURPOSES, type Purpose } from '../../contract/audit-terms.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import type { Permission, Role } from '../../contract/permission.ts';

/** Media types in which somebody takes something away, rather than looks at it. */
const TAKEN_AWAY = /^(application\/(dicom|zip|pdf|x-ndjson|fhir\+ndjson)|multipart\/related|text\/csv)\b/;
/** Resources that are the administration of the system. */
const ADMINISTERED = new Set(['tenant', 'user', 'api-key', 'share', 'peer', 'routing', 'system', 'model']);
/** Parameters that name their object by themselves; others are named by the part of the path before them. */
const NAMED_BY_PARAMETER: Record<string, string> = {
  study_instance_uid: 'study',
  series_instance_uid: 'series',
  sop_instance_uid: 'instance',
};
/** Parameters that say more about an object. */
const PART_OF_OBJECT = new Set(['frames', 'path']);
/** Says where in a list, not what. */
const PAGING = new Set(['limit', 'offset', 'cursor', 'page']);
const IRREGULAR: Record<string, string> = { studies: 'study', series: 'series', analysis: 'analysis', analyses: 'analysis' };

/** What an endpoint is in an audit entry; derived from what it declares, so that a new one is audited by itself. */
export type EndpointAct = {
  action: AuditAction;
  /** Method and pattern. */
  operation: string;
  /** @param params as they came: an id that the endpoint's schema does not accept is not repeated */
  objectOf(params: unknown): { type: string; id: string | null } | undefined;
  /** The names, not the values, of what was searched by. */
  fieldsOf(query: unknown): string;
};

export function describeEndpoint(endpoint: Endpoint): EndpointAct {
  const parameter = objectParameter(endpoint.path);
  const checker = endpoint.params && Compile(endpoint.params);
  const asked = Object.keys((endpoint.query as { properties?: object } | undefined)?.properties ?? {});
  const searched = asked.filter((name) => !PAGING.has(name));
  return {
    action: actionOf(endpoint, parameter !== undefined),
    operation: `${endpoint.method} ${endpoint.path}`,
    objectOf: (params) => {
      if (!parameter) return undefined;
      const id = checker?.Check(params) ? (params as Record<string, unknown>)[parameter.name] : undefined;
      return { type: parameter.type, id: typeof id === 'string' ? id : null };
    },
    fieldsOf: (query) => searched.filter((name) => Object.hasOwn(Object(query), name)).join('&'),
  };
}

/** @param hasObject whether it is about one object that the path names */
export function actionOf(
  { method, permission, audit, consumes, produces }: Pick<Endpoint, 'method' | 'permission' | 'audit' | 'consumes' | 'produces'>,
  hasObject: boolean,
): AuditAction {
  if (audit !== undefined && audit !== 'none') return audit;
  if (method === 'GET') return TAKEN_AWAY.test(produces ?? '') ? 'export' : hasObject ? 'access' : 'search';
  const [resource = '', verb = ''] = permission.split(':');
  if (verb === 'run') return 'analyze';
  if (verb === 'export') return 'export';
  if (resource === 'report') return 'report';
  if (ADMINISTERED.has(resource)) return 'admin';
  if (method === 'DELETE') return 'delete';
  return consumes ? 'import' : 'change';
}

/** What a role works for, unless the caller says that it is for something else. */
export function purposeOf(role: Role | null, stated: unknown, permission: Permission): Purpose {
  const told = PURPOSES.find((code) => code === stated);
  if (told) return told;
  const [resource = ''] = permission.split(':');
  if (ADMINISTERED.has(resource) || resource === 'audit') return 'HSYSADMIN';
  if (role === 'researcher') return 'HRESCH';
  if (role === 'patient') return 'PATRQT';
  return role === 'radiologist' || role === 'doctor' || role === 'technician' ? 'TREAT' : 'HOPERAT';
}

/** The last parameter of a path that names an object. */
function objectParameter(path: string): { name: string; type: string } | undefined {
  const parts = path.split('/');
  const index = parts.findLastIndex((part) => part.startsWith(':') && !PART_OF_OBJECT.has(part.slice(1)));
  const name = parts[index]?.slice(1);
  if (name === undefined) return undefined;
  return { name, type: NAMED_BY_PARAMETER[name] ?? singular(parts[index - 1] ?? '') };
}

function singular(word: string): string {
  return IRREGULAR[word] ?? word.replace(/ies$/, 'y').replace(/s$/, '').replaceAll('-', '_');
}
