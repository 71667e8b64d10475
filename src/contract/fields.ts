import { type TSchema, Type } from 'typebox';

/** DICOM UID: digits and dots, at most 64 characters (PS3.5 9.1). */
export const Uid = Type.String({ pattern: '^[0-9]+(\\.[0-9]+)*$', maxLength: 64 });

/** ISO 8601 instant in UTC, for example `2026-11-21T08:00:00.000Z`. */
export const Instant = Type.String({ format: 'date-time' });

/** Row identifier: time-ordered UUID (version 7). */
export const Id = Type.String({ format: 'uuid' });

export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 512 })),
};

/** A page of a list: `next_cursor` is null on the last one. */
export const Page = <S extends TSchema>(item: S) => Type.Object({ items: Type.Array(item), next_cursor: Nullable(Type.String()) });

/** Error body: RFC 9457 problem details with our extension members. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  instance: Type.String(),
  request_id: Type.String(),
  timestamp: Instant,
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
});
