import { Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Uid } from './fields.ts';

/** Application entity title of a subscriber (PS3.5 6.2, AE). */
const AeTitle = Type.String({ pattern: '^[!-\\[\\]-~]([ -\\[\\]-~]{0,14}[!-\\[\\]-~])?$' });
const workitemPath = Type.Object({ workitem: Uid });
const subscriberPath = Type.Object({ workitem: Uid, aetitle: AeTitle });
const WORKITEMS = '/dicom-web/workitems';
const WORKITEM = `${WORKITEMS}/:workitem` as const;
const SUBSCRIBER = `${WORKITEM}/subscribers/:aetitle` as const;

const reading = {
  method: 'GET',
  permission: 'worklist:read',
  produces: 'application/dicom+json',
  response: Type.Unknown(),
} as const;
/** Data sets come as DICOM JSON or as XML of the Native DICOM Model. */
const writing = { permission: 'worklist:write', produces: 'application/dicom+json', response: Type.Unknown() } as const;

/** The UID stands in the query by itself, as `workitem`, as `AffectedSOPInstanceUID` or in the data set; without one, one is made. */
export const createWorkitem = endpoint({
  ...writing,
  method: 'POST',
  path: WORKITEMS,
  summary: 'UPS-RS: creates a workitem (PS3.18 11.4)',
});
export const searchWorkitems = endpoint({
  ...reading,
  path: WORKITEMS,
  summary: 'UPS-RS: workitems by their attributes, in the order in which they are scheduled (PS3.18 11.9)',
  query: Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 0 })),
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
    fuzzymatching: Type.Optional(Type.Boolean()),
    includefield: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    accept: Type.Optional(Type.String()),
  }),
});
export const retrieveWorkitem = endpoint({
  ...reading,
  path: WORKITEM,
  summary: 'UPS-RS: one workitem, without its transaction UID (PS3.18 11.5)',
  params: workitemPath,
});
/** The transaction UID stands in the query by itself, as `transaction-uid` or `transaction`, or in the data set. */
export const updateWorkitem = endpoint({
  ...writing,
  method: 'POST',
  path: WORKITEM,
  summary: 'UPS-RS: replaces attributes of a workitem; one in progress is changed by its performer alone (PS3.18 11.6)',
  params: workitemPath,
});
export const changeWorkitemState = endpoint({
  ...writing,
  method: 'PUT',
  path: `${WORKITEM}/state`,
  summary: 'UPS-RS: claims, completes or cancels a workitem under a transaction UID (PS3.18 11.7)',
  params: workitemPath,
});
export const requestWorkitemCancellation = endpoint({
  ...writing,
  method: 'POST',
  path: `${WORKITEM}/cancelrequest`,
  summary: 'UPS-RS: cancels a scheduled workitem, or asks the performer to (PS3.18 11.8)',
  params: workitemPath,
  status: 202,
});
export const subscribeToWorkitem = endpoint({
  ...writing,
  method: 'POST',
  path: SUBSCRIBER,
  summary: 'UPS-RS: subscribes to a workitem, or by the well-known UIDs to the worklist or a filtered one (PS3.18 11.10)',
  params: subscriberPath,
  // Attributes to filter by, besides.
  query: Type.Object({ deletionlock: Type.Optional(Type.Boolean()) }),
  status: 201,
});
export const unsubscribeFromWorkitem = endpoint({
  ...writing,
  method: 'DELETE',
  path: SUBSCRIBER,
  summary: 'UPS-RS: ends a subscription; by the well-known UIDs all of the subscriber (PS3.18 11.11)',
  params: subscriberPath,
});
export const suspendSubscription = endpoint({
  ...writing,
  method: 'POST',
  path: `${SUBSCRIBER}/suspend`,
  summary: 'UPS-RS: no longer subscribes to workitems that are created from now on (PS3.18 11.12)',
  params: subscriberPath,
});
