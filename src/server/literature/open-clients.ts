import { setTimeout as delay } from 'node:timers/promises';
import type { Egress } from '../platform/egress.ts';
import { EUROPE_PMC_RATE, openEuropePmcClient } from './europe-pmc-client.ts';
import type { LiteratureClient } from './online-client.ts';
import { openPoliteRequests } from './polite-requests.ts';
import { openPubmedClient, PUBMED_RATE } from './pubmed-client.ts';

export type ClientOptions = {
  services: { pubmedUrl: string; europePmcUrl: string; ncbiApiKey: string; email: string };
  egress: Pick<Egress, 'fetch'>;
  /** The clock of the wall, whatever else goes by another one: services count real seconds. */
  now?: () => Date;
  wait?: (ms: number) => Promise<void>;
};

/** The services of publications that are configured; without configuration none, and nothing leaves. */
export function openLiteratureClients({ services, egress, now = () => new Date(), wait = delay }: ClientOptions): LiteratureClient[] {
  const { pubmedUrl, europePmcUrl, ncbiApiKey: apiKey, email } = services;
  const requests = (perSecond: number) => openPoliteRequests({ egress, perSecond, now, wait });
  const rate = apiKey ? PUBMED_RATE.withKey : PUBMED_RATE.withoutKey;
  return [
    ...(pubmedUrl ? [openPubmedClient({ url: pubmedUrl, apiKey, email, request: requests(rate), now })] : []),
    ...(europePmcUrl ? [openEuropePmcClient({ url: europePmcUrl, email, request: requests(EUROPE_PMC_RATE), now })] : []),
  ];
}
