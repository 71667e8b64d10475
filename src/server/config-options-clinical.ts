import { Type } from 'typebox';

/** Options of diagnoses and reports: a part of `OPTIONS`. */
export const CLINICAL_OPTIONS = {
  ISOCENTER_AGENT_TIME_LIMITS: Type.String({
    default: '',
    pattern: '^((monai|history|drug_checker|research)=[0-9]{1,5}(\\.[0-9]{1,3})?(, *(?=[a-z])|$))*$',
    description:
      'Seconds that an agent of a diagnosis may take for one try, where other than `monai=600, history=60, drug_checker=60, research=120`.',
  }),
  ISOCENTER_CRITICAL_RESULT_MINUTES: Type.String({
    default: '60,720,4320',
    pattern: '^[1-9][0-9]{0,5},[1-9][0-9]{0,5},[1-9][0-9]{0,5}$',
    description:
      'Minutes in which somebody has to be told of a critical result of the categories `minutes`, `hours` and `days` (the three of the ACR Actionable Reporting Work Group, doi 10.1016/j.jacr.2013.12.016, which names no exact limits).',
  }),
};
