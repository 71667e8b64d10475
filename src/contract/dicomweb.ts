import { Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Uid } from './fields.ts';

const storeInstances = {
  method: 'POST',
  permission: 'study:write',
  consumes: 'multipart/related',
  produces: 'application/dicom+json',
  response: Type.Unknown(),
} as const;

export const storeStudies = endpoint({
  ...storeInstances,
  path: '/dicom-web/studies',
  summary: 'STOW-RS: stores DICOM files (PS3.18 10.5)',
});
export const storeIntoStudy = endpoint({
  ...storeInstances,
  path: '/dicom-web/studies/:study_instance_uid',
  summary: 'STOW-RS into one study; objects of any other are refused',
  params: Type.Object({ study_instance_uid: Uid }),
});
