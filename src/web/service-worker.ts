/**
 * Keeps the app itself on the device, so that it opens at once and can say so when there is no connection: files whose names carry a hash
 * of their content, and the entry page. Nothing else ever enters a cache: no answer of the API, no picture, no address of a page, for those
 * name patients. What is cached is the same for everybody who uses this build.
 */

/** Put in by the build: another for each build. */
declare const __BUILD__: string;

type Lasting = Event & { waitUntil(work: Promise<unknown>): void };
type Fetching = Event & { request: Request; respondWith(answer: Promise<Response>): void };
/** What of a service worker's global scope is used here; the types of the page know no such scope. */
type Scope = {
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(type: 'message', listener: (event: Lasting & { data: unknown }) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
};
// The page's types call every global scope a window.
const worker = self as unknown as Scope;

const CACHE = `isocenter-${__BUILD__}`;
const ENTRY = '/';

worker.addEventListener('install', (event) => event.waitUntil(keepEntry()));
worker.addEventListener('activate', (event) => event.waitUntil(takeOver()));
worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(worker.skipWaiting());
  // What the first visit loaded before there was a worker.
  if (Array.isArray(event.data)) event.waitUntil(keepAssets(event.data.filter((url) => typeof url === 'string')));
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  if (isAsset(request.url)) event.respondWith(assetOf(request));
  else if (request.mode === 'navigate' && isScreen(request.url)) event.respondWith(screenOf(request));
});

/** Without the visitor's cookies: what is kept is nobody's. */
async function keepEntry(): Promise<void> {
  const entry = await fetch(ENTRY, { credentials: 'omit', cache: 'reload' });
  if (!entry.ok) throw new Error(`The entry page answered with ${entry.status}`);
  const cache = await caches.open(CACHE);
  const assets = (await entry.clone().text()).match(/\/assets\/[\w.-]+/g) ?? [];
  await Promise.all([cache.put(ENTRY, entry), keepAssets(assets)]);
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('isocenter-') && name !== CACHE).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function keepAssets(urls: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const url of new Set(urls)) if (isAsset(url) && !(await cache.match(url))) await cache.add(url).catch(() => undefined);
}

/** A file under `assets/` never changes under its name. */
async function assetOf(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200 && response.type === 'basic') await cache.put(request, response.clone());
  return response;
}

/** The server's own, or without a connection the entry that was kept. */
async function screenOf(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const entry = await caches.match(ENTRY, { cacheName: CACHE });
    if (entry) return entry;
    throw error;
  }
}

function isAsset(address: string): boolean {
  const url = new URL(address, worker.location.origin);
  return url.origin === worker.location.origin && /^\/assets\/[\w.-]+$/.test(url.pathname);
}

/** Pages of the app; documents and the API's own pages are not. */
function isScreen(address: string): boolean {
  return !/^\/(api|dicom-web|fhir|ws|livez|readyz|metrics)\b/.test(new URL(address).pathname);
}
