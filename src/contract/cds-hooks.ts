import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';

/** CDS Hooks 2.0 (cds-hooks.hl7.org): the drug safety check as a decision support service of an order entry. */
export const CDS_HOOKS = ['order-select', 'order-sign'] as const;
export const CdsHook = Type.Enum([...CDS_HOOKS]);
export type CdsHook = Static<typeof CdsHook>;

/** A FHIR R4 resource or bundle, read as far as the check needs it. */
const Resource = Type.Record(Type.String(), Type.Unknown());

export const CdsRequest = Type.Object({
  hook: CdsHook,
  hookInstance: Type.String({ minLength: 1, maxLength: 100 }),
  context: Type.Object({
    /** Orders that are not signed yet: a bundle of MedicationRequest and ServiceRequest. */
    draftOrders: Resource,
    /** `MedicationRequest/id`, for order-select. */
    selections: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200 })),
  }),
  /** Under the names that the discovery asks for; what is left out is not known. */
  prefetch: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type CdsRequest = Static<typeof CdsRequest>;

export const CdsCard = Type.Object({
  /** At most 140 characters. */
  summary: Type.String(),
  /** GitHub Flavored Markdown. */
  detail: Type.String(),
  indicator: Type.Enum(['info', 'warning', 'critical']),
  source: Type.Object({ label: Type.String() }),
  overrideReasons: Type.Optional(Type.Array(Type.Object({ code: Type.String(), display: Type.String() }))),
});
export type CdsCard = Static<typeof CdsCard>;

export const CdsService = Type.Object({
  hook: CdsHook,
  id: Type.String(),
  title: Type.String(),
  description: Type.String(),
  prefetch: Type.Record(Type.String(), Type.String()),
  usageRequirements: Type.String(),
});
export type CdsService = Static<typeof CdsService>;

export const listCdsServices = endpoint({
  method: 'GET',
  path: '/cds-services',
  summary: 'CDS Hooks 2.0 discovery',
  permission: 'drug-safety:check',
  response: Type.Object({ services: Type.Array(CdsService) }),
});
const Cards = Type.Object({ cards: Type.Array(CdsCard) });
export const cdsOrderSelect = endpoint({
  method: 'POST',
  path: '/cds-services/drug-safety-order-select',
  summary: 'CDS Hooks: alerts that the selected orders take part in. Nothing is stored, and no FHIR server is asked',
  permission: 'drug-safety:check',
  body: CdsRequest,
  response: Cards,
});
export const cdsOrderSign = endpoint({
  method: 'POST',
  path: '/cds-services/drug-safety-order-sign',
  summary: 'CDS Hooks: alerts that the draft orders take part in. Nothing is stored, and no FHIR server is asked',
  permission: 'drug-safety:check',
  body: CdsRequest,
  response: Cards,
});
