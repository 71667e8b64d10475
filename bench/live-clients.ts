import { fork } from 'node:child_process';
import type { Door } from './live-socket.ts';

/** A commit with events: the number of one of them, when the commit was asked for and when it was acknowledged, as `sharedNow` tells it. */
export type Written = { seq: number; asked: number; acknowledged: number };
/** In milliseconds, of all that were heard by who was in its room when the commit was asked for. */
type Delays = { p50: number; p99: number };
export type Heard = {
  lost: number;
  doubled: number;
  disordered: number;
  /** How many times any event was heard. */
  heard: number;
  /** Times that clients had to come back. */
  reconnects: number;
  /** Times that clients were told to have been too slow or to have come too late, or were refused. */
  told: number;
  /** From the acknowledgment of the commit to a client that heard it. */
  delays: Delays;
  /** To the first client that heard it. */
  firsts: Delays;
  /** By how much the clients' own event loop was late, in milliseconds. */
  loopP99: number;
};
export type ListenersOrder =
  | { kind: 'doors'; doors: Door[] }
  /** A client for each of the rooms. */
  | { kind: 'listen'; rooms: string[] }
  | { kind: 'idle'; path: string; count: number }
  /** Drops so many of all connections, of one, without a word. */
  | { kind: 'cut'; share: number }
  | { kind: 'reset' }
  | { kind: 'lasts' }
  /** `expected`: what each room was told. */
  | { kind: 'finish'; expected: Record<string, number[]>; written: Written[] };
export type ListenersAnswer = { kind: 'done' } | { kind: 'lasts'; lasts: { room: string; last: number }[] } | ({ kind: 'heard' } & Heard);

/** The process of the clients. One order at a time is followed; the next waits. */
export type ListenersProcess = {
  pid: number;
  order<O extends ListenersOrder>(order: O): Promise<AnswerOf<O>>;
  close(): void;
};
type AnswerOf<O extends ListenersOrder> = Extract<
  ListenersAnswer,
  { kind: O['kind'] extends 'lasts' ? 'lasts' : O['kind'] extends 'finish' ? 'heard' : 'done' }
>;

export function openListeners(): ListenersProcess {
  const child = fork(new URL('./live-listeners.ts', import.meta.url));
  let turn: Promise<unknown> = Promise.resolve();
  const ended = new Promise<never>((_, reject) => child.once('exit', (code) => reject(new Error(`The clients ended with ${code}`))));
  ended.catch(() => {});
  const ask = async (order: ListenersOrder): Promise<ListenersAnswer> => {
    // The child sends nothing else, and one answer for each order.
    const answered = new Promise<ListenersAnswer>((resolve) => child.once('message', (answer) => resolve(answer as ListenersAnswer)));
    child.send(order);
    return Promise.race([answered, ended]);
  };
  return {
    pid: child.pid ?? 0,
    order: <O extends ListenersOrder>(order: O) => {
      const answer = turn.then(() => ask(order));
      turn = answer.catch(() => {});
      // By the order, which `follow` in live-listeners.ts answers with its kind.
      return answer as Promise<AnswerOf<O>>;
    },
    close: () => child.disconnect(),
  };
}

/** Milliseconds on the clock that all processes of the machine share. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
