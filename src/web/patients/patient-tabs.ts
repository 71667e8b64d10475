import type { GrantedPermission } from '../../contract/permission.ts';

/** The parts of a patient's page, in their order, with the permission that the server asks for what they show. */
const TABS = {
  overview: 'patient:read',
  timeline: 'patient:read',
  studies: 'study:read',
  record: 'patient:read',
  medications: 'patient:read',
  documents: 'patient:read',
  scores: 'patient:read',
  'follow-ups': 'report:write',
  merges: 'patient:merge',
} as const satisfies Record<string, GrantedPermission>;
export type PatientTab = keyof typeof TABS;

export function isPatientTab(value: unknown): value is PatientTab {
  return typeof value === 'string' && Object.hasOwn(TABS, value);
}

/** The tabs that one with these permissions can fill. */
export function tabsFor(permissions: readonly string[]): PatientTab[] {
  // The keys are those of the type.
  return (Object.entries(TABS) as [PatientTab, GrantedPermission][]).flatMap(([tab, needs]) => (permissions.includes(needs) ? [tab] : []));
}
