/**
 * What of its tenant a scope shows. Every table that tells of a study or a patient is cut to it, in every statement. It says what is
 * seen, not what may be written: who sees only a part is given no permission to write by GRANTS, or writes to what it has found.
 */
export type Visibility =
  | { kind: 'tenant' }
  /** No study and no patient. */
  | { kind: 'none' }
  /** Studies with the label. */
  | { kind: 'label'; label: string }
  /** Studies of the patient record that have a signed report. */
  | { kind: 'own'; patient_key: string }
  /** Studies that were assigned to the user. */
  | { kind: 'assigned'; user_id: string }
  /** One study. */
  | { kind: 'study'; study_instance_uid: string }
  /** Of one study what is released: its images and its signed reports, or one of these. */
  | { kind: 'shared'; study_instance_uid: string; report_id: string | null };
