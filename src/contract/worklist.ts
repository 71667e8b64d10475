import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';

const text = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\\\\\u0000-\\u001f]*$' });
const Long = text(64);
const Short = text(16);
const Name = text(324);
const AeTitle = Type.String({ maxLength: 16, pattern: '^([!-\\[\\]-~]([ -\\[\\]-~]{0,14}[!-\\[\\]-~])?)?$' });
/** Day, `YYYYMMDD`. */
const Day = Type.String({ pattern: '^[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$' });
/** Time of day, `HHMM` or `HHMMSS`. */
const Clock = Type.String({ pattern: '^([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9])?$' });
const Code = Type.Object({ value: Short, scheme: Short, meaning: Long });

const Patient = {
  patient_id: Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\\\\\u0000-\\u001f]+$' }),
  issuer_of_patient_id: Type.Optional(Long),
  /** As DICOM writes it: `Family^Given^Middle^Prefix^Suffix`, other scripts after `=`. */
  patient_name: Name,
  birth_date: Type.Optional(Day),
  sex: Type.Optional(Type.Enum(['M', 'F', 'O'])),
  weight_kg: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000 })),
  size_m: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 3 })),
  /** 1 not pregnant, 2 possibly, 3 definitely, 4 unknown (PS3.3 C.2.3). */
  pregnancy_status: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
  medical_alerts: Type.Optional(Long),
  allergies: Type.Optional(Long),
  special_needs: Type.Optional(Long),
  patient_state: Type.Optional(Long),
  confidentiality: Type.Optional(Long),
  admission_id: Type.Optional(Long),
  current_location: Type.Optional(Long),
};
const Procedure = {
  accession_number: Short,
  referring_physician: Type.Optional(Name),
  requesting_physician: Type.Optional(Name),
  requested_procedure_id: Short,
  requested_procedure_description: Type.Optional(Long),
  requested_procedure_code: Type.Optional(Code),
  priority: Type.Optional(Type.Enum(['STAT', 'HIGH', 'ROUTINE', 'MEDIUM', 'LOW'])),
  transport: Type.Optional(Long),
};
const Step = {
  step_id: Short,
  modality: Type.String({ pattern: '^[A-Z0-9_]{1,16}$' }),
  station_ae_title: AeTitle,
  station_name: Type.Optional(Short),
  location: Type.Optional(Short),
  start_date: Day,
  start_time: Clock,
  performing_physician: Type.Optional(Name),
  step_description: Type.Optional(Long),
  protocol_code: Type.Optional(Code),
  pre_medication: Type.Optional(Long),
  contrast_agent: Type.Optional(Long),
};

export const OrderStatus = Type.Enum(['scheduled', 'started', 'completed', 'discontinued', 'cancelled']);
export type OrderStatus = Static<typeof OrderStatus>;

/** What the order says, apart from what it becomes. */
export const OrderContent = Type.Object({ ...Patient, ...Procedure, ...Step });
export type OrderContent = Static<typeof OrderContent>;

/** One scheduled procedure step, as the modality worklist offers it (PS3.4 annex K). Several steps of one procedure share its study. */
export const Order = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  status: OrderStatus,
  ...OrderContent.properties,
  created_at: Instant,
  updated_at: Instant,
});
export type Order = Static<typeof Order>;

export const NewOrder = Type.Object({
  ...OrderContent.properties,
  /** Made up if it is not told. */
  study_instance_uid: Type.Optional(Uid),
});
export type NewOrder = Static<typeof NewOrder>;

export const OrderChange = Type.Partial(Type.Object({ ...OrderContent.properties, status: OrderStatus }));
export type OrderChange = Static<typeof OrderChange>;

/** What a modality says that it is doing or has done (MPPS, PS3.4 F.7). */
export const PerformedStep = Type.Object({
  sop_instance_uid: Uid,
  study_instance_uid: Uid,
  /** The scheduled step that it belongs to; null for one that nobody scheduled. */
  order_id: Nullable(Id),
  ae_title: Type.String(),
  status: Type.Enum(['in_progress', 'completed', 'discontinued']),
  /** DICOM JSON (PS3.18 annex F). */
  attributes: Type.Record(Type.String(), Type.Unknown()),
  created_at: Instant,
  updated_at: Instant,
});
export type PerformedStep = Static<typeof PerformedStep>;

const orderParams = Type.Object({ id: Id });

export const listOrders = endpoint({
  method: 'GET',
  path: '/api/v1/worklist/orders',
  summary: 'Scheduled procedure steps, the earliest first',
  permission: 'worklist:read',
  query: Type.Object({
    ...PageQuery,
    status: Type.Optional(OrderStatus),
    from: Type.Optional(Day),
    until: Type.Optional(Day),
    modality: Type.Optional(Step.modality),
    patient_id: Type.Optional(Patient.patient_id),
  }),
  response: Page(Order),
});
export const createOrder = endpoint({
  method: 'POST',
  path: '/api/v1/worklist/orders',
  summary: 'Schedules a procedure step: modalities find it in their worklist',
  permission: 'worklist:write',
  body: NewOrder,
  response: Order,
  status: 201,
});
export const getOrder = endpoint({
  method: 'GET',
  path: '/api/v1/worklist/orders/:id',
  summary: 'A scheduled procedure step',
  permission: 'worklist:read',
  params: orderParams,
  response: Order,
});
export const changeOrder = endpoint({
  method: 'PATCH',
  path: '/api/v1/worklist/orders/:id',
  summary: 'Changes a scheduled procedure step that has not begun; its status at any time',
  permission: 'worklist:write',
  params: orderParams,
  body: OrderChange,
  response: Order,
});
export const removeOrder = endpoint({
  method: 'DELETE',
  path: '/api/v1/worklist/orders/:id',
  summary: 'Takes a step off the worklist for good; one that has begun can only be given another status',
  permission: 'worklist:write',
  params: orderParams,
  response: Type.Object({}),
});
export const listPerformedSteps = endpoint({
  method: 'GET',
  path: '/api/v1/worklist/performed-steps',
  summary: 'What modalities said that they did, the latest first',
  permission: 'worklist:read',
  query: Type.Object({ ...PageQuery, study_instance_uid: Type.Optional(Uid), order_id: Type.Optional(Id) }),
  response: Page(PerformedStep),
});
