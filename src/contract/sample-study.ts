import { Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Uid } from './fields.ts';

export const addSampleStudy = endpoint({
  method: 'POST',
  path: '/api/v1/sample-study',
  summary: 'Stores a synthetic study (a phantom computed from geometry, no patient) to try everything on; deleted as any other study',
  permission: 'study:write',
  response: Type.Object({ study_instance_uid: Uid, instances: Type.Integer() }),
  status: 201,
});
