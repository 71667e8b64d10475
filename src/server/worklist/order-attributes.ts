import type { Order } from '../../contract/worklist.ts';
import type { DataSet, Vr } from '../../dicom/data-set.ts';
import { vrOf } from '../../dicom/dictionary.ts';
import { parsePersonName } from '../../dicom/parse-values.ts';
import { Tag } from '../../dicom/tags.ts';

/** PS3.3 C.4.10: by the status of the order. */
const STEP_STATUS = {
  scheduled: 'SCHEDULED',
  started: 'STARTED',
  completed: 'COMPLETED',
  discontinued: 'DISCONTINUED',
  cancelled: 'DISCONTINUED',
};

type Text = string | number | undefined;

/**
 * Every attribute that a modality worklist answer may have (PS3.4 table K.6-1), with a value or empty: the return keys of types 1, 1C, 2 and
 * 2C, and of type 3 those that an order knows.
 */
export function attributesOf(order: Order): DataSet {
  return {
    ...patientOf(order),
    ...procedureOf(order),
    [Tag.ScheduledProcedureStepSequence]: { vr: 'SQ', Value: [stepOf(order)] },
  };
}

function patientOf(order: Order): DataSet {
  return attributes({
    [Tag.PatientName]: order.patient_name,
    [Tag.PatientID]: order.patient_id,
    [Tag.IssuerOfPatientID]: order.issuer_of_patient_id,
    [Tag.PatientBirthDate]: order.birth_date,
    [Tag.PatientSex]: order.sex,
    [Tag.PatientWeight]: order.weight_kg,
    [Tag.PatientSize]: order.size_m,
    [Tag.PregnancyStatus]: order.pregnancy_status,
    [Tag.MedicalAlerts]: order.medical_alerts,
    [Tag.Allergies]: order.allergies,
    [Tag.SpecialNeeds]: order.special_needs,
    [Tag.PatientState]: order.patient_state,
    [Tag.ConfidentialityConstraintOnPatientDataDescription]: order.confidentiality,
    [Tag.AdmissionID]: order.admission_id,
    [Tag.CurrentPatientLocation]: order.current_location,
    [Tag.ReferencedPatientSequence]: undefined,
  });
}

function procedureOf(order: Order): DataSet {
  return {
    ...attributes({
      [Tag.AccessionNumber]: order.accession_number,
      [Tag.ReferringPhysicianName]: order.referring_physician,
      [Tag.RequestingPhysician]: order.requesting_physician,
      [Tag.StudyInstanceUID]: order.study_instance_uid,
      [Tag.ReferencedStudySequence]: undefined,
      [Tag.RequestedProcedureID]: order.requested_procedure_id,
      [Tag.RequestedProcedureDescription]: order.requested_procedure_description,
      [Tag.RequestedProcedurePriority]: order.priority,
      [Tag.PatientTransportArrangements]: order.transport,
    }),
    [Tag.RequestedProcedureCodeSequence]: codeOf(order.requested_procedure_code),
  };
}

function stepOf(order: Order): DataSet {
  return {
    ...attributes({
      [Tag.ScheduledStationAETitle]: order.station_ae_title,
      [Tag.ScheduledStationName]: order.station_name,
      [Tag.ScheduledProcedureStepLocation]: order.location,
      [Tag.ScheduledProcedureStepStartDate]: order.start_date,
      [Tag.ScheduledProcedureStepStartTime]: order.start_time,
      [Tag.Modality]: order.modality,
      [Tag.ScheduledPerformingPhysicianName]: order.performing_physician,
      [Tag.ScheduledProcedureStepDescription]: order.step_description,
      [Tag.ScheduledProcedureStepID]: order.step_id,
      [Tag.ScheduledProcedureStepStatus]: STEP_STATUS[order.status],
      [Tag.PreMedication]: order.pre_medication,
      [Tag.RequestedContrastAgent]: order.contrast_agent,
    }),
    [Tag.ScheduledProtocolCodeSequence]: codeOf(order.protocol_code),
  };
}

function codeOf(code: Order['protocol_code']): DataSet[string] {
  if (!code) return { vr: 'SQ' };
  // PS3.3 table 8.8-1.
  return { vr: 'SQ', Value: [attributes({ '00080100': code.value, '00080102': code.scheme, '00080104': code.meaning })] };
}

function attributes(values: Record<string, Text>): DataSet {
  return Object.fromEntries(Object.entries(values).map(([tag, value]) => [tag, attribute(vrOf(tag), value)]));
}

function attribute(vr: Vr, value: Text): DataSet[string] {
  if (value === undefined || value === '') return { vr };
  return { vr, Value: [vr === 'PN' ? parsePersonName(String(value)) : value] };
}
