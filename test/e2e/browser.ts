import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** Debian's; nothing is downloaded. */
const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const hasChromium = existsSync(CHROMIUM);

/** @param webGl draws WebGL in software; without it there is none, as in a browser without a graphics processor */
export function openBrowser({ webGl = false }: { webGl?: boolean } = {}): Promise<Browser> {
  const graphics = webGl ? ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'] : ['--disable-gpu'];
  return chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...graphics] });
}

/**
 * What is left of the trouble without refusals of these kinds, which a test has asked for. The console tells the refusal of a request
 * in other words than that of a WebSocket.
 */
export function besidesRefusals(trouble: readonly string[], statuses: readonly number[]): string[] {
  const refusal = new RegExp(`(?:status of|response code:) (?:${statuses.join('|')})\\b`);
  return trouble.filter((line) => !refusal.test(line));
}

/**
 * Watches every page of a context. What it gives fills up while the pages are used: errors on the console (which name each violation
 * of the Content-Security-Policy), uncaught errors, and requests that leave `origin`.
 */
export function watchTrouble(context: BrowserContext, origin: string): string[] {
  const trouble: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => trouble.push(`uncaught: ${error.error().message}`));
  context.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:' && asked !== origin) trouble.push(`foreign request: ${asked}`);
  });
  return trouble;
}
