import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable } from './fields.ts';

/** How a tenant's files and sensitive columns are encrypted. Keys themselves never leave the server. */
export const EncryptionState = Type.Object({
  /** Whether new files are encrypted. */
  files: Type.Boolean(),
  keys: Type.Array(
    Type.Object({
      id: Id,
      created_at: Instant,
      replaced_at: Nullable(Instant),
      /** Which master key it is wrapped with. */
      master_key_id: Type.String(),
    }),
  ),
});
export type EncryptionState = Static<typeof EncryptionState>;

export const getEncryption = endpoint({
  method: 'GET',
  path: '/api/v1/encryption',
  summary: 'How the files and sensitive columns of the tenant are encrypted',
  permission: 'system:read',
  response: EncryptionState,
});
export const rotateKey = endpoint({
  method: 'POST',
  path: '/api/v1/encryption/rotate',
  summary: 'Makes a new key for the tenant; what is stored is encrypted anew with it in the background',
  permission: 'system:write',
  response: EncryptionState,
});
