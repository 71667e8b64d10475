import { Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id } from './fields.ts';
import { Addendum } from './reports.ts';

const params = Type.Object({ id: Id });
const text = Type.String({ minLength: 1, maxLength: 20_000 });

export const addAddendum = endpoint({
  method: 'POST',
  path: '/api/v1/reports/:id/addenda',
  summary: 'Opens an addendum to a signed report; one at a time',
  permission: 'report:write',
  params,
  body: Type.Object({ text }),
  response: Addendum,
  status: 201,
});
export const editAddendum = endpoint({
  method: 'PUT',
  path: '/api/v1/addenda/:id',
  summary: 'Changes an addendum that is not signed',
  permission: 'report:write',
  params,
  body: Type.Object({ text }),
  response: Addendum,
});
export const deleteAddendum = endpoint({
  method: 'DELETE',
  path: '/api/v1/addenda/:id',
  summary: 'Throws an addendum away that is not signed',
  permission: 'report:write',
  params,
  response: Type.Object({ deleted: Type.Boolean() }),
});
export const signAddendum = endpoint({
  method: 'POST',
  path: '/api/v1/addenda/:id/sign',
  summary: 'Locks the addendum under name, time and meaning; needs the password again. The paper of the report is made anew with it',
  permission: 'report:sign',
  params,
  body: Type.Object({
    password: Type.String({ maxLength: 256 }),
    /** The text that the signer has before him: if the stored one differs, nothing is signed. */
    seen_text: Type.Optional(text),
    meaning: Type.Optional(Type.String({ minLength: 1, maxLength: 200, default: 'I take responsibility for this addendum' })),
  }),
  response: Addendum,
});
