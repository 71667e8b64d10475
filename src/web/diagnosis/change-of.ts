import type { Diagnosis, DiagnosisChange } from '../../contract/diagnosis.ts';
import { linesOf } from '../lines.ts';
import { type Draft, EMPTY_DRAFT } from './draft.ts';
import { EMPTY_VITALS, SIGNS, type VitalForm, vitalSignsOf } from './vital-form.ts';

/** What of a diagnosis can be changed once it is asked for: all but the patient and the images. */
export function formOf({ patient_data, ai_config, priority }: Diagnosis): Draft {
  const { symptoms, vital_signs, planned_exam } = patient_data;
  return {
    ...EMPTY_DRAFT,
    symptoms: symptoms.join('\n'),
    vitals: vitalsOf(vital_signs),
    priority,
    depth: ai_config.analysis_depth,
    models: ai_config.models,
    threshold: ai_config.confidence_threshold,
    explainability: ai_config.explainability_mode,
    contrast: planned_exam?.contrast ?? 'none',
  };
}

/** Only what is different: agents begin anew for what they are told. */
export function changeOf(before: Draft, after: Draft): DiagnosisChange {
  const differs = (name: keyof Draft): boolean => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  const config = {
    ...(differs('models') ? { models: [...after.models] } : {}),
    ...(differs('depth') ? { analysis_depth: after.depth } : {}),
    ...(differs('threshold') ? { confidence_threshold: after.threshold } : {}),
    ...(differs('explainability') ? { explainability_mode: after.explainability } : {}),
  };
  return {
    ...(differs('symptoms') ? { symptoms: linesOf(after.symptoms) } : {}),
    ...(differs('vitals') ? { vital_signs: vitalSignsOf(after.vitals) } : {}),
    ...(differs('priority') ? { priority: after.priority } : {}),
    ...(differs('contrast') ? { planned_exam: after.contrast === 'none' ? null : { contrast: after.contrast } } : {}),
    ...(Object.keys(config).length > 0 ? { ai_config: config } : {}),
  };
}

function vitalsOf({ consciousness, ...signs }: Diagnosis['patient_data']['vital_signs']): VitalForm {
  const typed = SIGNS.map((sign) => {
    const known = signs[sign];
    return [sign, known ? { typed: String(known.value), unit: known.unit } : EMPTY_VITALS[sign]] as const;
  });
  // The keys are those of the type.
  return { ...(Object.fromEntries(typed) as Omit<VitalForm, 'consciousness'>), consciousness: consciousness ?? '' };
}
