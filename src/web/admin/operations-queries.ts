import { queryOptions } from '@tanstack/react-query';
import { listAgents } from '../../contract/agents.ts';
import { getReadingAnalytics } from '../../contract/analytics.ts';
import { listCommitments, listForwards } from '../../contract/forwards.ts';
import { type JOB_STATES, listJobs } from '../../contract/jobs.ts';
import { getMetrics, listMetricHistory } from '../../contract/metrics.ts';
import { getAnalytics } from '../../contract/patients-analytics.ts';
import { getDicomNode, listPeers } from '../../contract/peers.ts';
import { listRetrievals } from '../../contract/retrievals.ts';
import { listRoutingRules } from '../../contract/routing.ts';
import { getStorage } from '../../contract/storage.ts';
import { getSystemStatus } from '../../contract/system.ts';
import { listWebhookDeliveries, listWebhooks } from '../../contract/webhooks.ts';
import { listOrders, type Order } from '../../contract/worklist.ts';
import { call } from '../api.ts';

/** What no event tells of is asked for this often while it is looked at. */
const LOOK_MS = 5_000;
const BUSY_MS = 2_000;

export const systemStatusQuery = queryOptions({
  queryKey: ['system-status'],
  queryFn: ({ signal }) => call(getSystemStatus, undefined, { signal }),
});
export const metricsQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: ({ signal }) => call(getMetrics, undefined, { signal }),
});
export const metricHistoryQuery = (span: 'minute' | 'hour') =>
  queryOptions({
    queryKey: ['metrics', span],
    queryFn: ({ signal }) => call(listMetricHistory, { query: { span } }, { signal }),
    staleTime: 60_000,
  });
export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => call(listAgents, undefined, { signal }),
  refetchInterval: LOOK_MS,
});
export const readingAnalyticsQuery = (from: string, until: string) =>
  queryOptions({
    queryKey: ['analytics', from, until],
    queryFn: ({ signal }) => call(getReadingAnalytics, { query: { from, until } }, { signal }),
  });
export const patientAnalyticsQuery = queryOptions({
  queryKey: ['patient-analytics'],
  queryFn: ({ signal }) => call(getAnalytics, { query: {} }, { signal }),
});
export const peersQuery = queryOptions({ queryKey: ['peers'], queryFn: ({ signal }) => call(listPeers, undefined, { signal }) });
export const dicomNodeQuery = queryOptions({
  queryKey: ['dicom-node'],
  queryFn: ({ signal }) => call(getDicomNode, undefined, { signal }),
});
export const forwardsQuery = queryOptions({
  queryKey: ['forwards'],
  queryFn: ({ signal }) => call(listForwards, { query: { limit: 100 } }, { signal }),
  refetchInterval: ({ state }) => (state.data?.items.some(({ status }) => status === 'sending' || status === 'waiting') ? BUSY_MS : false),
});
export const retrievalsQuery = queryOptions({
  queryKey: ['retrievals'],
  queryFn: ({ signal }) => call(listRetrievals, { query: { limit: 100 } }, { signal }),
  refetchInterval: ({ state }) => (state.data?.items.some(({ status }) => status === 'running' || status === 'waiting') ? BUSY_MS : false),
});
export const commitmentsQuery = queryOptions({
  queryKey: ['commitments'],
  queryFn: ({ signal }) => call(listCommitments, { query: { limit: 100 } }, { signal }),
});
export const routingRulesQuery = queryOptions({
  queryKey: ['routing-rules'],
  queryFn: ({ signal }) => call(listRoutingRules, undefined, { signal }),
});
export const ordersQuery = (status: Order['status'] | undefined) =>
  queryOptions({
    queryKey: ['orders', status ?? ''],
    queryFn: ({ signal }) => call(listOrders, { query: { limit: 200, ...(status ? { status } : {}) } }, { signal }),
  });
export const jobsQuery = (state: (typeof JOB_STATES)[number]) =>
  queryOptions({
    queryKey: ['jobs', state],
    queryFn: ({ signal }) => call(listJobs, { query: { state } }, { signal }),
    refetchInterval: LOOK_MS,
  });
export const storageQuery = queryOptions({
  queryKey: ['storage'],
  queryFn: ({ signal }) => call(getStorage, undefined, { signal }),
  refetchInterval: LOOK_MS,
});
export const webhooksQuery = queryOptions({ queryKey: ['webhooks'], queryFn: ({ signal }) => call(listWebhooks, undefined, { signal }) });
export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', id],
    queryFn: ({ signal }) => call(listWebhookDeliveries, { params: { id }, query: {} }, { signal }),
    refetchInterval: LOOK_MS,
  });
