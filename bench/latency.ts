import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { multipart } from '../test/app.ts';
import { type ServerProcess, signInTo, startServer } from '../test/server.ts';
import { addressOf, type LoadClient, openLoadClient, requestBytes } from './load.ts';
import type { LoadResult } from './load-generator.ts';
import { openPictures } from './pictures.ts';
import type { BenchRow } from './row.ts';
import { median, percentile } from './statistics.ts';

const WORKERS = 2;
/** Odd, so that the median is a round that was measured. */
const ROUNDS = 5;
const STUDIES_PER_ROUND = 120;
/** 100 questions a second altogether: what some screens and monitors ask, and enough of each in a round for a 99th percentile. */
const EVERY_MS = 10;
const POLL_MS = 100;

type Session = { authorization: string };
type Target = { name: string; limit: string; host: string; port: number; request: Uint8Array };

/**
 * How long reads take while every model thread is busy with studies: all are said complete at once, and until the last is analyzed
 * questions come at a fixed rate, whether or not earlier ones are answered. Each round also asks a bare `node:http` server that answers
 * a constant, in a process of its own: what the machine itself makes a request wait just then.
 */
export async function benchLatency(): Promise<BenchRow[]> {
  const { jpegs, modelsDir } = await openPictures(STUDIES_PER_ROUND);
  const server = await startServer({
    ISOCENTER_INFERENCE_WORKERS: String(WORKERS),
    ISOCENTER_MODELS_DIR: modelsDir,
    ISOCENTER_STUDY_QUIET_MS: '3600000',
  });
  const clients = [openLoadClient(), openLoadClient()] as const;
  return [];
}
