/**
 * What a caller may do: resource and action. An endpoint names exactly one; `public` needs no session; `session` only that there is
 * one, and shows no study and no patient.
 */
export const PERMISSIONS = [
  'tenant:read',
  'tenant:write',
  'user:read',
  'user:write',
  'api-key:read',
  'api-key:write',
  'share:read',
  'share:write',
  'audit:read',
  'audit:export',
  'patient:read',
  'patient:write',
  'patient:merge',
  'patient:erase',
  'study:read',
  'study:write',
  'study:delete',
  'study:export',
  'study:deidentify',
  'study:label',
  'study:assign',
  'study:break-glass',
  'reading:read',
  'worklist:read',
  'worklist:write',
  'diagnosis:read',
  'diagnosis:write',
  'analysis:run',
  'finding:review',
  'report:read',
  'report:write',
  'report:sign',
  'prediction:run',
  'prediction:read',
  'model:read',
  'model:write',
  'peer:read',
  'peer:write',
  'routing:read',
  'routing:write',
  'system:read',
  'system:write',
  'event:read',
  'webhook:read',
  'webhook:write',
  'drug-safety:check',
  'drug-safety:manage',
  'literature:search',
  'chat:use',
] as const;
export type GrantedPermission = (typeof PERMISSIONS)[number];
export type Permission = 'public' | 'session' | GrantedPermission;

/** `operator` administers the installation and its tenants, and sees no patient data by it; the others belong to one tenant. */
export const ROLES = ['admin', 'radiologist', 'doctor', 'technician', 'researcher', 'patient', 'service', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/**
 * How far a permission reaches: the whole tenant, studies that were assigned to the user, studies with the label `deidentified`, or
 * one's own studies once their report is signed.
 */
export type Reach = 'tenant' | 'assigned' | 'label' | 'own';

/** Studies with this label hold no identity: it is what a researcher sees. */
export const DEIDENTIFIED_LABEL = 'deidentified';

type Grants = Readonly<Partial<Record<GrantedPermission, Reach>>>;

/** Who may do what, and how far: the whole of it. */
export const GRANTS: Readonly<Record<Role, Grants>> = {
  operator: reaching('tenant', ['tenant:read', 'tenant:write', 'system:read', 'system:write']),
  admin: reaching(
    'tenant',
    PERMISSIONS.filter((permission) => !permission.startsWith('tenant:')),
  ),
  radiologist: reaching('tenant', [
    'share:read',
    'share:write',
    'patient:read',
    'patient:write',
    'study:read',
    'study:write',
    'study:export',
    'study:deidentify',
    'study:label',
    'study:assign',
    'reading:read',
    'worklist:read',
    'worklist:write',
    'diagnosis:read',
    'diagnosis:write',
    'analysis:run',
    'finding:review',
    'report:read',
    'report:write',
    'report:sign',
    'prediction:run',
    'prediction:read',
    'model:read',
    'event:read',
    'drug-safety:check',
    'drug-safety:manage',
    'literature:search',
    'chat:use',
  ]),
  doctor: {
    ...reaching('tenant', [
      // Emergency access to what is not assigned.
      'study:break-glass',
      'patient:read',
      'patient:write',
      'worklist:read',
      'diagnosis:read',
      'diagnosis:write',
      'model:read',
      'drug-safety:check',
      'literature:search',
      'chat:use',
    ]),
    ...reaching('assigned', ['study:read', 'reading:read', 'study:export', 'report:read', 'event:read']),
  },
  technician: reaching('tenant', [
    'patient:read',
    'patient:write',
    'study:read',
    'study:write',
    'reading:read',
    'worklist:read',
    'worklist:write',
    'analysis:run',
    'model:read',
    'peer:read',
    'event:read',
  ]),
  researcher: {
    ...reaching('tenant', ['model:read', 'literature:search']),
    ...reaching('label', ['study:read', 'study:export']),
  },
  patient: reaching('own', ['study:read', 'report:read']),
  service: reaching('tenant', [
    'patient:read',
    'patient:write',
    'study:read',
    'study:write',
    'study:export',
    'study:deidentify',
    'reading:read',
    'worklist:read',
    'worklist:write',
    'diagnosis:read',
    'analysis:run',
    'report:read',
    'prediction:run',
    'prediction:read',
    'model:read',
    'event:read',
    'drug-safety:check',
  ]),
};

/** How far a role may do it; undefined if it may not. */
export function reachOf(role: Role, permission: GrantedPermission): Reach | undefined {
  return GRANTS[role][permission];
}

function reaching(reach: Reach, permissions: readonly GrantedPermission[]): Grants {
  return Object.fromEntries(permissions.map((permission) => [permission, reach]));
}
