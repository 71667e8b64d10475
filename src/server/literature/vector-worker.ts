import { serveTasks } from '../../inference/serve-tasks.ts';
import { type HeldVectors, holdVectors, type VectorRows } from './nearest-vectors.ts';

/** Everything names the model: the vectors of another one are let go. */
export type VectorRequest = { model: string } & (
  | { kind: 'last' }
  | { kind: 'add'; dimensions: number; rows: VectorRows }
  | { kind: 'nearest'; query: Int8Array; limit: number }
);
export type VectorReply = { last: number; count: number; nearest: { literature_id: number; cosine: number }[] };

let held: { model: string; vectors: HeldVectors } | undefined;

serveTasks<VectorRequest, VectorReply>({
  handle: async (request) => {
    if (held?.model !== request.model) held = undefined;
    if (request.kind === 'add') {
      held ??= { model: request.model, vectors: holdVectors(request.dimensions) };
      held.vectors.add(request.rows);
    }
    const nearest = request.kind === 'nearest' && held ? held.vectors.nearest(request.query, request.limit) : [];
    return { last: held?.vectors.last() ?? 0, count: held?.vectors.count() ?? 0, nearest };
  },
  close: async () => undefined,
});
