import type { Socket } from 'node:net';
import type { DataSet } from '../../dicom/data-set.ts';
import type { AssociateAccept, AssociateRequest } from './associate-items.ts';
import type { CommandName } from './message.ts';
import { type Message, type MessageReader, openMessageReader } from './message-reader.ts';
import { associationEnded, type Content, type MessageSender, openMessageSender } from './message-sender.ts';
import { ABORT_REASONS, PduError, type Rejection, writePdu } from './pdu.ts';
import { openPduDecoder, type PduDecoder, type PduEvent } from './pdu-decoder.ts';
import { type OpenRequest, openPendingRequests } from './pending-requests.ts';
import type { Timeouts } from './timeouts.ts';
import { openWatchdog } from './watchdog.ts';

/** Longest P-DATA-TF that we take and send, in bytes: dcmtk's largest; beyond it nothing is gained. */
export const MAX_PDU_BYTES = 131_072;
/** Bytes of a data set that wait for the disk before the socket is paused. */
const HIGH_WATER_BYTES = 262_144;
/** After which the system looks for a peer that says nothing. */
const KEEP_ALIVE_MS = 30_000;
/** Requests under way before the next one is read. */
export const MAX_OPERATIONS = 8;

export type Response = Pick<Message, 'head' | 'command'>;
/** A context that both sides agreed on. `weSend`: we may be its SCU, as in a C-GET. `extended`: our answer to an extended negotiation. */
export type AcceptedContext = { id: number; abstractSyntax: string; transferSyntax: string; weSend: boolean; extended?: Uint8Array };

export type AssociationEvents = {
  onAssociate?(request: AssociateRequest): void;
  onAnswer?(answer: AssociateAccept | Rejection): void;
  onRequest(message: Message): void;
  /** Once, whatever the reason. */
  onClose(): void;
};

type State = 'awaiting-request' | 'negotiating' | 'awaiting-answer' | 'established' | 'releasing' | 'closing' | 'closed';

/**
 * One association over one socket: the state machine of PS3.8 9.2, for both sides. Reading stops while what arrived waits for the disk or
 * while enough requests are under way, so that memory stays bounded whatever the peer sends.
 */
export class Association {
  readonly #socket: Socket;
  readonly #timeouts: Timeouts;
  readonly #events: AssociationEvents;
  readonly #decoder: PduDecoder;
  readonly #reader: MessageReader;
  readonly #sender: MessageSender;
  readonly #watchdog = openWatchdog(() => this.#expire());
  readonly #pending = openPendingRequests();
  #state: State;
  #contexts = new Map<number, AcceptedContext>();
  #operations = 0;
  #whenIdle: (() => void)[] = [];
  #isPumping = false;

  constructor(socket: Socket, options: { side: 'acceptor' | 'requestor'; timeouts: Timeouts; events: AssociationEvents }) {
    this.#socket = socket;
    this.#timeouts = options.timeouts;
    this.#events = options.events;
    this.#state = options.side === 'acceptor' ? 'awaiting-request' : 'awaiting-answer';
    this.#decoder = openPduDecoder(MAX_PDU_BYTES);
    this.#reader = openMessageReader({
      isContext: (id) => this.#contexts.has(id),
      onMessage: (message) => this.#takeMessage(message),
      onTaken: () => this.#pump(),
    });
    const { stallMs } = options.timeouts;
    this.#sender = openMessageSender(socket, { stallMs, isOpen: () => this.isOpen(), onBroken: () => this.abort() });
    // Nagle's algorithm holds back each small response until the peer's delayed acknowledgment.
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
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

  propose(request: AssociateRequest): void {
    this.#write(writePdu({ ...request, type: 'associate-request' }));
  }

  accept(answer: AssociateAccept, contexts: AcceptedContext[], peerMaxPdu: number): void {
    if (this.#state !== 'negotiating') return;
    this.#write(writePdu({ ...answer, type: 'associate-accept' }));
    this.establish(contexts, peerMaxPdu);
  }

  /** From here on messages pass: after our acceptance, or after the peer's. */
  establish(contexts: AcceptedContext[], peerMaxPdu: number): void {
    if (this.#state !== 'negotiating' && this.#state !== 'awaiting-answer') return;
    this.#contexts = new Map(contexts.map((context) => [context.id, context]));
    this.#sender.limit(Math.min(peerMaxPdu || MAX_PDU_BYTES, MAX_PDU_BYTES));
    this.#state = 'established';
    this.#pump();
  }

  reject(rejection: Rejection): void {
    if (this.#state !== 'negotiating') return;
    this.#finish(writePdu({ ...rejection, type: 'associate-reject' }));
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

  /** One message after those before it. @throws {AppError} `unavailable` if the association ends */
  send(contextId: number, command: DataSet, data?: Content): Promise<void> {
    return this.#sender.send(contextId, command, data);
  }

  /** Sends a request that has one response, and waits for it. @throws {AppError} `unavailable` if the association ends before */
  async request(contextId: number, name: CommandName, fields: DataSet, data?: Content): Promise<Response> {
    const { responses } = await this.ask(contextId, name, fields, data);
    const { value } = await responses.next();
    value.data?.discard();
    return value;
  }

  /**
   * Sends a request that has any number of responses, as queries have. Each is to be read, with its data set, before the next comes.
   *
   * @throws {AppError} `unavailable` if the association ends before
   */
  async ask(contextId: number, name: CommandName, fields: DataSet, data?: Content): Promise<OpenRequest> {
    if (!this.isOpen()) throw associationEnded();
    const asked = this.#pending.open(name, { hasData: data !== undefined, fields });
    await this.send(contextId, asked.command, data);
    this.#watch();
    return asked;
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
    const waiting = this.#reader.waiting();
    return waiting === undefined ? this.#operations < MAX_OPERATIONS : waiting < HIGH_WATER_BYTES;
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

  #takeEstablished(event: PduEvent): void {
    if (event.type === 'fragment') this.#reader.take(event);
    else if (event.type === 'release-request') {
      // Who releases answers nothing any more.
      this.#pending.fail(associationEnded());
      void this.settled().then(() => this.#finish(writePdu({ type: 'release-response' })));
    } else throw new PduError('A PDU comes where it cannot', 'unexpected-pdu');
  }

  /** We asked to release: what is still on its way is dropped. */
  #takeReleasing(event: PduEvent): void {
    if (event.type === 'release-response') this.#end();
    else if (event.type === 'release-request') this.#write(writePdu({ type: 'release-response' }));
    else if (event.type !== 'fragment') throw new PduError('A PDU comes where it cannot', 'unexpected-pdu');
  }

  #takeMessage(message: Message): void {
    if (message.head.isResponse) this.#pending.take(message);
    else this.#events.onRequest(message);
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
    this.#watchdog.stop();
    this.#interrupt();
    this.#events.onClose();
  }

  /** Tells everybody who waits for the peer that nothing more comes. */
  #interrupt(): void {
    this.#reader.fail(associationEnded());
    this.#pending.fail(associationEnded());
  }

  #watch(): void {
    this.#watchdog.watch(...this.#deadline());
  }

  /** What is waited for now, and how long at most; 0 while the peer waits for us. The time runs on while the name stays the same. */
  #deadline(): [string, number] {
    const { artimMs, stallMs, idleMs, responseMs } = this.#timeouts;
    const count = this.#decoder.count();
    if (this.#state === 'negotiating' || this.#state === 'closed') return [this.#state, 0];
    if (this.#state !== 'established') return [this.#state, artimMs];
    if (!this.#hasRoom()) return ['full', 0];
    if (this.#decoder.isMidPdu()) return [`pdu ${count}`, stallMs];
    if (this.#reader.isMidMessage()) return [`message ${count}`, stallMs];
    if (this.#pending.isWaiting()) return [this.#pending.mark(), responseMs];
    if (this.#operations > 0) return ['working', 0];
    return [`idle ${count}`, idleMs];
  }

  #expire(): void {
    if (this.#state === 'established' || this.#state === 'releasing') this.abort(2);
    else this.#socket.destroy();
  }
}
