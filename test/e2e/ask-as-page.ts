import type { Page } from 'playwright-core';

/** Asks the server as the page's person. @throws if the answer is no success */
export function askAsPage(page: Page, path: string, method = 'GET', body?: object): Promise<Record<string, unknown>> {
  return page.evaluate(
    async ([to, how, what]) => {
      const headers = what === undefined ? {} : { 'content-type': 'application/json' };
      const response = await fetch(to ?? '', { method: how ?? 'GET', headers, ...(what === undefined ? {} : { body: what }) });
      if (!response.ok) throw new Error(`${how} ${to}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    },
    [path, method, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
}

/** Stores a DICOM file as the page's person. @throws if it is not taken */
export function storeAsPage(page: Page, part10: Uint8Array): Promise<void> {
  return page.evaluate(
    async ([content]) => {
      const form = new FormData();
      form.append('files', new Blob([new Uint8Array(content ?? [])]), 'a.dcm');
      const response = await fetch('/api/v1/studies', { method: 'POST', body: form });
      if (!response.ok) throw new Error(await response.text());
    },
    [[...part10]] as const,
  );
}
