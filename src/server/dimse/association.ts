import type { Socket } from 'node:net';
import type { DataSet } from '../../dicom/data-set.ts';
import { AppError } from '../platform/errors.ts';
import type { AssociateAccept, AssociateRequest } from './associate-items.ts';
import { type DataStream, openDataStream } from './data-stream.ts';
import { type CommandHead, type CommandName, parseCommand, readCommandHead, requestOf, writeCommand } from './message.ts';
import { ABORT_REASONS, type ControlPdu, PDV_HEADER_BYTES, PduError, type Rejection, writeData, writePdu } from './pdu.ts';
import { type Fragment, openPduDecoder, type PduDecoder, type PduEvent } from './pdu-decoder.ts';

/** Longest P-DATA-TF that we take and send, in bytes: dcmtk's largest; beyond it nothing is gained. */
export const MAX_PDU_BYTES = 131_072;
/** Bytes of a data set that wait for the disk before the socket is paused. */
const HIGH_WATER_BYTES = 262_144;
/** Commands are short: the longest has a few UIDs and a comment. */
const MAX_COMMAND_BYTES = 16_384;
/** Requests under way before the next one is read. */
export const MAX_OPERATIONS = 8;

export type Timeouts = {
  /** ARTIM (PS3.8 9.1.5): for the association request to arrive, and for the peer to close. */
  artimMs: number;
  /** For a PDU that has begun to arrive whole, for the rest of a message, and for bytes that we send to be taken. */
  stallMs: number;
  /** Between messages. */
  idleMs: number;
  /** For the peer's response to a request of ours. */
  responseMs: number;
};
export const TIMEOUTS: Timeouts = { artimMs: 30_000, stallMs: 60_000, idleMs: 300_000, responseMs: 120_000 };

/** A request as it arrives: its data set follows while it is handled. */
export type Message = { contextId: number; head: CommandHead; command: DataSet; data: DataStream | undefined };
export type Response = Pick<Message, 'head' | 'command'>;
/** `transferSyntax` of every context that was accepted. */
export type AcceptedContext = { id: number; abstractSyntax: string; transferSyntax: string };

export type AssociationEvents = {
  onAssociate?(request: AssociateRequest): void;
  onAnswer?(answer: AssociateAccept | Rejection): void;
  onRequest(message: Message): void;
  /** Once, whatever the reason. */
  onClose(): void;
};

type State = 'awaiting-request' | 'negotiating' | 'awaiting-answer' | 'established' | 'releasing' | 'closing' | 'closed';
type Pending = { resolve(response: Response): void; reject(error: Error): void };

/**
 * One association over one socket: the state machine of PS3.8 9.2, for both sides. Reading stops while what arrived waits for the disk or
 * while enough requests are under way, so that memory stays bounded whatever the peer sends.
 */
export class Association {
  readonly #socket: Socket;
  readonly #timeouts: Timeouts;
  readonly #events: AssociationEvents;
  readonly #decoder: PduDecoder;
  readonly #pending = new Map<number, Pending>();
  #state: State;
  #contexts = new Map<number, AcceptedContext>();
  #sendBytes = MAX_PDU_BYTES;
  #command: { contextId: number; bytes: Uint8Array[]; size: number } | undefined;
  #incoming: { contextId: number; data: DataStream } | undefined;
  #operations = 0;
  #whenIdle: (() => void)[] = [];
  #sending: Promise<void> = Promise.resolve();
  #lastMessageId = 0;
  #isPumping = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerKey = '';

  constructor(socket: Socket, options: { side: 'acceptor' | 'requestor'; timeouts: Timeouts; events: AssociationEvents }) {
    this.#socket = socket;
    this.#timeouts = options.timeouts;
    this.#events = options.events;
    this.#state = options.side === 'acceptor' ? 'awaiting-request' : 'awaiting-answer';
    this.#decoder = openPduDecoder(MAX_PDU_BYTES);
    // Nagle's algorithm holds back each small response until the peer's delayed acknowledgment.
    socket.setNoDelay(true);
    socket.setKeepAlive(true, timeoutOfKeepAlive);
    socket.on('data', (chunk) => this.#receive(chunk));
    // Said by 'close', which follows.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed());
    this.#watch();
  }

  isOpen(): boolean {
    return this.#state === 'established';
  }

  contexts(): AcceptedContext[] {
    return [...this.#contexts.values()];
  }

  /** Asks the peer for an association. */
  propose(request: AssociateRequest): void {
    this.#write(writePdu({ type: 'associate-request', ...request }));
  }

  accept(answer: AssociateAccept, contexts: AcceptedContext[], peerMaxPdu: number): void {
    if (this.#state !== 'negotiating') return;
    this.#write(writePdu({ type: 'associate-accept', ...answer }));
    this.#establish(contexts, peerMaxPdu);
  }

  reject(rejection: Rejection): void {
    if (this.#state !== 'negotiating') return;
    this.#finish(writePdu({ type: 'associate-reject', ...rejection }));
  }

  /** Ends at once. `source`: 0 for our user, 2 for the protocol (PS3.8 table 9-26). */
  abort(source: 0 | 2 = 0, reason: number = ABORT_REASONS['not-specified']): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#finish(writePdu({ type: 'abort', source, reason }));
  }

  /** Ends in order. Does nothing unless established. */
  release(): void {
    if (this.#state !== 'established') return;
    this.#state = 'releasing';
    this.#write(writePdu({ type: 'release-request' }));
    this.#pump();
  }

  /** Counts `run` as a request under way; its failure ends the association. */
  operate(run: () => Promise<void>): void {
    this.#operations += 1;
    const done = (): void => {
      this.#operations -= 1;
      if (this.#operations === 0) for (const tell of this.#whenIdle.splice(0)) tell();
      this.#pump();
    };
    run().then(done, () => {
      this.abort();
      done();
    });
  }

  /** Resolves when no request is under way. */
  async settled(): Promise<void> {
    if (this.#operations > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** Sends one message after those before it. @throws {AppError} `unavailable` if the association ends */
  send(contextId: number, command: DataSet, data?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const turn = this.#sending.then(() => this.#sendNow(contextId, command, data));
    this.#sending = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Sends a request that has one response, and waits for it.
   *
   * @throws {AppError} `unavailable` if the association ends before
   */
  async request(contextId: number, name: CommandName, fields: DataSet, data?: AsyncIterable<Uint8Array>): Promise<Response> {
    this.#lastMessageId = (this.#lastMessageId % 0xffff) + 1;
    const messageId = this.#lastMessageId;
    const command = requestOf(name, messageId, { hasData: data !== undefined, fields });
    const response = new Promise<Response>((resolve, reject) => this.#pending.set(messageId, { resolve, reject }));
    response.catch(() => undefined);
    await this.send(contextId, command, data);
    this.#watch();
    return response;
  }

  #receive(chunk: Uint8Array): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#decoder.push(chunk);
    this.#pump();
  }

  /** Takes what has arrived, as far as there is room for it, and reads on or waits. */
  #pump(): void {
    if (this.#isPumping || this.#state === 'closed') return;
    this.#isPumping = true;
    try {
      for (let event = this.#next(); event; event = this.#next()) this.#take(event);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      this.abort(2, ABORT_REASONS[error.abort]);
    } finally {
      this.#isPumping = false;
    }
    if (this.#hasRoom()) this.#socket.resume();
    else this.#socket.pause();
    this.#watch();
  }

  #next(): PduEvent | undefined {
    return this.#hasRoom() && this.#state !== 'closing' ? this.#decoder.next() : undefined;
  }

  #hasRoom(): boolean {
    if (this.#state === 'negotiating') return false;
    if (this.#state === 'closing') return true;
    return this.#incoming ? this.#incoming.data.waiting() < HIGH_WATER_BYTES : this.#operations < MAX_OPERATIONS;
  }

  #take(event: PduEvent): void {
    if (event.type === 'abort') {
      this.#state = 'closing';
      this.#socket.destroy();
    } else if (this.#state === 'awaiting-request' && event.type === 'associate-request') {
      this.#state = 'negotiating';
      this.#events.onAssociate?.(event);
    } else if (this.#state === 'awaiting-answer' && event.type === 'associate-accept') {
      this.#events.onAnswer?.(event);
    } else if (this.#state === 'awaiting-answer' && event.type === 'associate-reject') {
      this.#events.onAnswer?.(event);
      this.#end();
    } else if (this.#state === 'established') {
      this.#takeEstablished(event);
    } else if (this.#state === 'releasing') {
      this.#takeReleasing(event);
    } else throw new PduError('A PDU comes where it cannot', 'unexpected-pdu');
  }

  /** For the requestor, after the answer was read. */
  establish(contexts: AcceptedContext[], peerMaxPdu: number): void {
    if (this.#state === 'awaiting-answer') this.#establish(contexts, peerMaxPdu);
  }

  #establish(contexts: AcceptedContext[], peerMaxPdu: number): void {
    this.#contexts = new Map(contexts.map((context) => [context.id, context]));
    this.#sendBytes = Math.max(64, Math.min(peerMaxPdu || MAX_PDU_BYTES, MAX_PDU_BYTES)) - PDV_HEADER_BYTES;
    this.#state = 'established';
    this.#pump();
  }

  #takeEstablished(event: PduEvent): void {
    if (event.type === 'fragment') this.#takeFragment(event);
    else if (event.type === 'release-request') void this.settled().then(() => this.#finish(writePdu({ type: 'release-response' })));
    else throw new PduError('A PDU comes where it cannot', 'unexpected-pdu');
  }

  /** We asked to release: what is still on its way is dropped. */
  #takeReleasing(event: ControlPdu | Fragment): void {
    if (event.type === 'release-response') this.#end();
    else if (event.type === 'release-request') this.#write(writePdu({ type: 'release-response' }));
    else if (event.type !== 'fragment') throw new PduError('A PDU comes where it cannot', 'unexpected-pdu');
  }

  #takeFragment({ contextId, isCommand, isLast, bytes }: Fragment): void {
    if (!this.#contexts.has(contextId)) throw new PduError('A message comes in a context that was not accepted');
    if (this.#incoming) {
      if (isCommand || contextId !== this.#incoming.contextId) throw new PduError('A message is broken off by another', 'unexpected-pdu');
      const { data } = this.#incoming;
      if (isLast) this.#incoming = undefined;
      data.push(bytes);
      if (isLast) data.end();
      return;
    }
    if (!isCommand) throw new PduError('A data set comes without its command', 'unexpected-pdu');
    this.#command ??= { contextId, bytes: [], size: 0 };
    this.#command.size += bytes.length;
    this.#command.bytes.push(bytes);
    if (this.#command.contextId !== contextId) throw new PduError('A message is broken off by another', 'unexpected-pdu');
    if (this.#command.size > MAX_COMMAND_BYTES || this.#command.bytes.length > MAX_COMMAND_BYTES / 16)
      throw new PduError('A command set is too long');
    if (!isLast) return;
    const whole = Buffer.concat(this.#command.bytes);
    this.#command = undefined;
    this.#takeCommand(contextId, parseCommand(whole));
  }

  #takeCommand(contextId: number, command: DataSet): void {
    const head = readCommandHead(command);
    const data = head.hasData ? openDataStream(() => this.#pump()) : undefined;
    if (data) this.#incoming = { contextId, data };
    if (!head.isResponse) return this.#events.onRequest({ contextId, head, command, data });
    // Responses with a data set belong to queries, which this side does not ask here.
    data?.discard();
    const pending = this.#pending.get(head.respondsTo);
    this.#pending.delete(head.respondsTo);
    pending?.resolve({ head, command });
  }

  async #sendNow(contextId: number, command: DataSet, data?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    await this.#sendPieces(contextId, true, [writeCommand(command)]);
    if (data) await this.#sendPieces(contextId, false, data);
  }

  async #sendPieces(contextId: number, isCommand: boolean, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    let held: Uint8Array = new Uint8Array(0);
    for await (const piece of pieces) {
      for (let start = 0; start < piece.length; start += this.#sendBytes) {
        if (held.length > 0) await this.#flush(writeData(contextId, { isCommand, isLast: false }, held));
        held = piece.subarray(start, start + this.#sendBytes);
      }
    }
    await this.#flush(writeData(contextId, { isCommand, isLast: true }, held));
  }

  /** Resolves when the peer took enough of what was written before. */
  async #flush(bytes: Uint8Array): Promise<void> {
    if (this.#state !== 'established') throw ended();
    if (this.#socket.write(bytes)) return;
    const stalled = setTimeout(() => this.#socket.destroy(), this.#timeouts.stallMs);
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
    clearTimeout(stalled);
    if (this.#socket.destroyed) throw ended();
  }

  #write(bytes: Uint8Array): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Says the last word and waits for the peer to close, for as long as ARTIM allows. */
  #finish(lastWord: Uint8Array): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#write(lastWord);
    this.#end();
  }

  #end(): void {
    this.#state = 'closing';
    this.#interrupt();
    this.#socket.end();
    this.#socket.resume();
    this.#watch();
  }

  #closed(): void {
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#interrupt();
    this.#events.onClose();
  }

  /** Tells everybody who waits for the peer that nothing more comes. */
  #interrupt(): void {
    this.#incoming?.data.fail(ended());
    this.#incoming = undefined;
    for (const { reject } of this.#pending.values()) reject(ended());
    this.#pending.clear();
  }

  #watch(): void {
    const [key, delayMs] = this.#deadline();
    if (key === this.#timerKey) return;
    clearTimeout(this.#timer);
    this.#timerKey = key;
    if (delayMs > 0) this.#timer = setTimeout(() => this.#expire(), delayMs);
  }

  /** What is waited for now, and how long at most; 0 while the peer waits for us. The time runs on while the name stays the same. */
  #deadline(): [string, number] {
    const { artimMs, stallMs, idleMs, responseMs } = this.#timeouts;
    const count = this.#decoder.count();
    if (this.#state === 'negotiating' || this.#state === 'closed') return [this.#state, 0];
    if (this.#state !== 'established') return [this.#state, artimMs];
    if (!this.#hasRoom()) return ['full', 0];
    if (this.#decoder.isMidPdu()) return [`pdu ${count}`, stallMs];
    if (this.#incoming || this.#command) return [`message ${count}`, stallMs];
    if (this.#pending.size > 0) return [`response ${this.#lastMessageId}`, responseMs];
    if (this.#operations > 0) return ['working', 0];
    return [`idle ${count}`, idleMs];
  }

  #expire(): void {
    if (this.#state === 'established' || this.#state === 'releasing') this.abort(2);
    else this.#socket.destroy();
  }
}

const timeoutOfKeepAlive = 30_000;

function ended(): AppError {
  return new AppError('unavailable', 'The association ended');
}
