import { Worker } from 'node:worker_threads';
import type { PdfReply, PdfRequest } from './pdf-worker.ts';
import type { ReportDocument } from './report-document.ts';

/** The document could not be set. The message never quotes the report. */
export class PdfError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PdfError';
  }
}

export type PdfRenderer = {
  /**
   * Sets one report on paper: PDF/A-2b as written by Typst, tagged, fonts embedded; equal documents give equal bytes. Calls are
   * answered in order, off this thread.
   *
   * @param standard `a-2b` unless told; `ua-1` makes Typst check the accessibility rules of PDF/UA-1 instead
   * @throws {PdfError} for a key image that is no PNG, when the renderer was closed, or when Typst refuses the document
   */
  renderReportPdf: (document: ReportDocument, standard?: Exclude<PdfRequest['form'], 'svg'>) => Promise<Uint8Array>;
  /**
   * The same pages as a picture: SVG, one page under the other, letters as outlines.
   *
   * @throws {PdfError} as `renderReportPdf`
   */
  renderReportSvg: (document: ReportDocument) => Promise<Uint8Array>;
  /** Ends the thread; documents still waiting are refused. A renderer stays closed. */
  close: () => Promise<void>;
};

/** A warm compiler answers in milliseconds but holds tens of megabytes: after this long without work it is let go. */
const IDLE_MS = 60_000;

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

type Pending = { resolve: (pdf: Uint8Array) => void; reject: (error: Error) => void };

/** Opens a renderer; its thread starts with the first document, keeps no process alive, and starts anew if it ever dies. */
export function openPdfRenderer({ idleMs = IDLE_MS }: { idleMs?: number } = {}): PdfRenderer {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  let closed = false;

  function start(): Worker {
    const started = new Worker(workerUrl());
    started.on('message', settle);
    // Every document in flight was that thread's: `exit` follows each `error` and refuses them.
    started.on('error', () => undefined);
    started.on('exit', () => {
      if (worker !== started) return;
      worker = undefined;
      refuseAll('The PDF thread ended unexpectedly');
    });
    return started;
  }

  function settle(reply: PdfReply): void {
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (pending.size === 0) rest();
    if ('bytes' in reply) waiting?.resolve(reply.bytes);
    else waiting?.reject(new PdfError(reply.error));
  }

  function rest(): void {
    worker?.unref();
    idle = setTimeout(() => void stop(), idleMs).unref();
  }

  async function stop(): Promise<void> {
    const stopped = worker;
    worker = undefined;
    clearTimeout(idle);
    await stopped?.terminate();
  }

  function refuseAll(reason: string): void {
    for (const { reject } of pending.values()) reject(new PdfError(reason));
    pending.clear();
  }

  async function render(document: ReportDocument, form: PdfRequest['form']): Promise<Uint8Array> {
    if (closed) throw new PdfError('The PDF renderer is closed');
    if (!document.key_images.every(({ png }) => isPng(png))) throw new PdfError('A key image is not a PNG picture');
    clearTimeout(idle);
    worker ??= start();
    worker.ref();
    const request: PdfRequest = { id: ++lastId, document, form };
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    pending.set(request.id, { resolve, reject });
    worker.postMessage(request);
    return await promise;
  }

  return {
    renderReportPdf: (document, standard = 'a-2b') => render(document, standard),
    renderReportSvg: (document) => render(document, 'svg'),
    async close() {
      closed = true;
      refuseAll('The PDF renderer was closed');
      await stop();
    },
  };
}

/** Beside this file, in the form in which this file runs: TypeScript from the source tree, JavaScript from a build. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './pdf-worker.ts' : './pdf-worker.js', import.meta.url);
}

function isPng(bytes: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, index) => bytes[index] === byte);
}
