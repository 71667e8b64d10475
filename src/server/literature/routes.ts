import type { FastifyInstance } from 'fastify';
import { getEmbeddings, type ImportedFile, importLiterature, renewEmbeddings, searchLiterature } from '../../contract/literature.ts';
import { AppError } from '../platform/errors.ts';
import type { Jobs } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { readMultipart } from '../studies/read-multipart.ts';
import { embeddingState, requestEmbedding, requireEmbeddings } from './embed-literature.ts';
import type { Embeddings } from './embeddings.ts';
import { importFile, type LiteratureDeps } from './import-literature.ts';
import type { LiteratureClient } from './online-client.ts';
import { conceptsIn, searchLiterature as search } from './search-literature.ts';
import { keepStarterCorpus } from './starter-corpus.ts';

type RouteDeps = LiteratureDeps & {
  maxUploadBytes: number;
  literatureClients: readonly LiteratureClient[];
  embeddings: Embeddings | undefined;
  jobs: Jobs;
};

/** Searches in what is published, and brings it in. */
export function literatureRoutes(http: FastifyInstance, deps: RouteDeps): void {
  const searchDeps = { ...deps, clients: deps.literatureClients };
  // At the first question: an installation that never asks does not hold it.
  let starter: Promise<void> | undefined;
  const keepStarter = (): Promise<void> => {
    starter ??= keepStarterCorpus(deps)
      .then(() => requestEmbedding(deps))
      .catch((error: unknown) => {
        starter = undefined;
        throw error;
      });
    return starter;
  };
  serve(http, searchLiterature, async ({ query: { q: text, online = false, limit = 20, ...filter } }) => {
    await keepStarter();
    // Whoever asks has chosen the words and that they may be sent.
    const asked = online ? { onlineConcepts: await conceptsIn(deps, text) } : {};
    return search(searchDeps, { text, limit, ...filter, ...asked });
  });
  serve(http, importLiterature, async ({ request, act }) => {
    const files: ImportedFile[] = [];
    await readMultipart(request, deps.maxUploadBytes, async ({ name, content }) => {
      files.push(await importFile(deps, { name, content }));
    });
    if (files.length === 0) throw new AppError('invalid-request', 'There is no file in the request');
    const sum = (of: 'added' | 'updated' | 'deleted' | 'skipped'): number => files.reduce((total, file) => total + file[of], 0);
    await requestEmbedding(deps);
    act.details = { added: sum('added'), updated: sum('updated'), deleted: sum('deleted'), skipped: sum('skipped') };
    return { files };
  });
  serve(http, getEmbeddings, () => embeddingState(deps));
  serve(http, renewEmbeddings, async ({ body, act }) => {
    requireEmbeddings(deps);
    await requestEmbedding(deps, body);
    act.details = { anew: body.anew ?? false };
    return embeddingState(deps);
  });
}
