import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';
import { Password, Secret } from './identity.ts';

/** What is known of a link, whatever it shows. */
export const heldLinkFields = {
  note: Type.String(),
  has_password: Type.Boolean(),
  created_by: Type.String(),
  created_at: Instant,
  expires_at: Instant,
  last_used_at: Nullable(Instant),
  /** How often it was opened. */
  uses: Type.Integer(),
  revoked_at: Nullable(Instant),
};

/** A link that shows one study, or one signed report, to whoever has it. */
export const ShareLink = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  report_id: Nullable(Id),
  ...heldLinkFields,
});
export type ShareLink = Static<typeof ShareLink>;

/** What is told of a new link, whatever it shows. */
export const newLinkFields = {
  /** Hours that the link works; a week unless told. */
  hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_160 })),
  /** To be told to the receiver by another way than the link. */
  password: Type.Optional(Type.String({ minLength: 8, maxLength: 256 })),
  /** For whom or what; no patient data. */
  note: Type.Optional(Type.String({ maxLength: 200, pattern: '^[^\\p{Cc}]*$' })),
};
export const NewShareLink = Type.Object({
  study_instance_uid: Uid,
  /** Shows this report only, and no images. */
  report_id: Type.Optional(Id),
  ...newLinkFields,
});
export type NewShareLink = Static<typeof NewShareLink>;

export const listShareLinks = endpoint({
  method: 'GET',
  path: '/api/v1/shares',
  summary: 'Share links, the newest first',
  permission: 'share:read',
  query: Type.Object({ study_instance_uid: Type.Optional(Uid) }),
  response: Type.Object({ items: Type.Array(ShareLink) }),
});
export const addShareLink = endpoint({
  method: 'POST',
  path: '/api/v1/shares',
  summary: 'Makes a link to one study or one signed report; `url` and `token` are told this once',
  permission: 'share:write',
  body: NewShareLink,
  response: Type.Object({ ...ShareLink.properties, token: Secret, url: Type.String() }),
  status: 201,
});
export const revokeShareLink = endpoint({
  method: 'DELETE',
  path: '/api/v1/shares/:id',
  summary: 'Ends a link, and whoever looks through it, at once',
  permission: 'share:write',
  params: Type.Object({ id: Id }),
  response: ShareLink,
});
export const openShareLink = endpoint({
  method: 'POST',
  path: '/api/v1/auth/share',
  summary: 'Opens a share link: a session that sees what the link shows, in a cookie and for clients that are no page as a token',
  permission: 'public',
  audit: 'login',
  body: Type.Object({ token: Secret, password: Type.Optional(Password) }),
  response: Type.Object({
    /** Null where the link shows a diagnosis. */
    study_instance_uid: Nullable(Uid),
    report_id: Nullable(Id),
    diagnosis_id: Nullable(Id),
    expires_at: Instant,
    token_type: Type.Optional(Type.Literal('Bearer')),
    access_token: Type.Optional(Type.String()),
  }),
});
