import { queryOptions } from '@tanstack/react-query';
import { fetchBytes } from '../../api.ts';

/** A package that is part of what is shipped. */
export type Shipped = {
  name: string;
  version: string;
  /** SPDX expression, as the package states it. */
  license: string;
  part: 'web' | 'server' | 'both';
  /** Index into `texts`; null where the package brings none. */
  text: number | null;
};
/** Made when the web app is built (`src/web/vite.config.ts`). */
export type Notices = { notice: string; texts: string[]; packages: Shipped[] };

export const noticesQuery = queryOptions({
  queryKey: ['licenses'],
  queryFn: async ({ signal }): Promise<Notices> => {
    const file = await fetchBytes('/licenses.json', signal);
    // Our own build has written it.
    return JSON.parse(await file.text()) as Notices;
  },
  staleTime: Infinity,
});
