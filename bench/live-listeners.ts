import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { type Heard, type ListenersAnswer, type ListenersOrder, sharedNow, type Written } from './live-clients.ts';
import { type Door, type LiveSocket, openLiveSocket } from './live-socket.ts';
import { percentile } from './statistics.ts';

// The clients of the live benchmark, in a process of their own. Ends with its parent.

const RETRY_MS = 100;
const EVENT = Buffer.from('{"seq":');
const [ZERO, NINE] = [48, 57];
/** Connections that are opened at a time. */
const AT_A_TIME = 50;

/** One that stays in a room, whatever happens to it: when its connection ends it comes back with the last number that it heard. */
type Listener = {
  room: string;
  /** Number of each event in the order in which it came, when, and since when the client had been in its room. */
  seqs: number[];
  ats: number[];
  joinedAts: number[];
  last: number;
  /** Since when it is in its room; not at all while it comes back. */
  joinedAt: number;
  reconnects: number;
  told: number;
  socket: LiveSocket | undefined;
};

const listeners: Listener[] = [];
const idle: LiveSocket[] = [];
let doors: Door[] = [];
let isClosed = false;
const loop = monitorEventLoopDelay({ resolution: 1 });

// The parent sends only orders, one after the other.
process.on('message', async (order: ListenersOrder) => {
  process.send?.(await follow(order));
});
process.on('disconnect', () => process.exit(0));

async function follow(order: ListenersOrder): Promise<ListenersAnswer> {
  if (order.kind === 'doors') doors = order.doors;
  else if (order.kind === 'listen') await listen(order.rooms);
  else if (order.kind === 'idle') await openIdle(order);
  else if (order.kind === 'cut') for (const { socket } of listeners) if (Math.random() < order.share) socket?.cut();
  if (order.kind === 'reset') loop.reset();
  if (order.kind === 'lasts') return { kind: 'lasts', lasts: listeners.map(({ room, last }) => ({ room, last })) };
  if (order.kind === 'finish') return { kind: 'heard', ...finish(order) };
  return { kind: 'done' };
}

/** Resolves when all are in their rooms. */
async function listen(rooms: readonly string[]): Promise<void> {
  loop.enable();
  for (let opened = 0; opened < rooms.length; opened += AT_A_TIME) {
    const batch = rooms.slice(opened, opened + AT_A_TIME).map((room): Listener => {
      const own = {
        seqs: [],
        ats: [],
        joinedAts: [],
        last: 0,
        joinedAt: Number.POSITIVE_INFINITY,
        reconnects: 0,
        told: 0,
        socket: undefined,
      };
      return { room, ...own };
    });
    listeners.push(...batch);
    for (const listener of batch) stay(listener);
    while (batch.some(({ joinedAt }) => joinedAt === Number.POSITIVE_INFINITY)) await delay(5);
  }
}

function stay(listener: Listener): void {
  const door = doors[Math.floor(Math.random() * doors.length)];
  if (!door) return void comeBack(listener);
  listener.socket = openLiveSocket(door, `/ws/events?rooms=${listener.room}&since=${listener.last}`, {
    message: (text) => hear(listener, text),
    end: () => void comeBack(listener),
  });
}

async function comeBack(listener: Listener): Promise<void> {
  if (isClosed) return;
  listener.joinedAt = Number.POSITIVE_INFINITY;
  listener.reconnects += 1;
  await delay(RETRY_MS * (0.5 + Math.random()));
  if (!isClosed) stay(listener);
}

function hear(listener: Listener, text: Buffer): void {
  if (text.compare(EVENT, 0, EVENT.length, 0, EVENT.length) === 0) {
    const seq = numberAt(text, EVENT.length);
    listener.seqs.push(seq);
    listener.ats.push(sharedNow());
    listener.joinedAts.push(listener.joinedAt);
    if (seq > listener.last) listener.last = seq;
    return;
  }
  const { type } = JSON.parse(String(text)) as { type: string };
  if (type === 'joined') listener.joinedAt = sharedNow();
  else if (type === 'digest' || type === 'gone' || type === 'error') listener.told += 1;
}

function numberAt(text: Buffer, from: number): number {
  let number = 0;
  for (let at = from; at < text.length; at += 1) {
    const digit = text[at] ?? 0;
    if (digit < ZERO || digit > NINE) break;
    number = number * 10 + digit - ZERO;
  }
  return number;
}

async function openIdle({ path, count }: { path: string; count: number }): Promise<void> {
  const [door] = doors;
  if (!door) throw new Error('There is no door');
  for (let opened = 0; opened < count; opened += AT_A_TIME) {
    const batch = Array.from(
      { length: Math.min(AT_A_TIME, count - opened) },
      () =>
        new Promise<LiveSocket>((resolve, reject) => {
          const socket = openLiveSocket(door, path, {
            message: () => resolve(socket),
            end: () => reject(new Error('An idle connection ended')),
          });
        }),
    );
    idle.push(...(await Promise.all(batch)));
  }
}

function finish({ expected, written }: { expected: Record<string, number[]>; written: Written[] }): Heard {
  isClosed = true;
  for (const { socket } of listeners) socket?.cut();
  const commits = new Map(written.map((one) => [one.seq, one]));
  const firsts = new Map<number, number>();
  const figures = { lost: 0, doubled: 0, disordered: 0, heard: 0 };
  const delays: number[] = [];
  for (const { room, seqs, ats, joinedAts } of listeners) {
    const unique = new Set(seqs);
    figures.heard += seqs.length;
    figures.doubled += seqs.length - unique.size;
    figures.lost += (expected[room] ?? []).filter((seq) => !unique.has(seq)).length;
    figures.disordered += seqs.filter((seq, index) => seq < (seqs[index - 1] ?? 0)).length;
    for (const [index, seq] of seqs.entries()) {
      const commit = commits.get(seq);
      // Who was away hears later what happened meanwhile. A client may hear of a commit before its writer does.
      if (!commit || commit.asked <= (joinedAts[index] ?? 0)) continue;
      const after = Math.max(0, (ats[index] ?? 0) - commit.acknowledged);
      delays.push(after);
      firsts.set(seq, Math.min(after, firsts.get(seq) ?? after));
    }
  }
  return {
    ...figures,
    delays: { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) },
    firsts: { p50: percentile([...firsts.values()], 0.5), p99: percentile([...firsts.values()], 0.99) },
    reconnects: listeners.reduce((sum, listener) => sum + listener.reconnects, 0),
    told: listeners.reduce((sum, listener) => sum + listener.told, 0),
    loopP99: loop.percentile(99) / 1e6,
  };
}
