import type { DataSet } from '../../dicom/data-set.ts';
import { type CommandName, isPending, requestOf } from './message.ts';
import type { Message } from './message-reader.ts';

/** A request of ours: its command set, and the responses to it, of which all but the last are pending. */
export type OpenRequest = { command: DataSet; messageId: number; responses: AsyncIterableIterator<Message> };

/** Requests of ours that the peer has yet to answer. */
export type PendingRequests = {
  open(name: CommandName, more: { hasData: boolean; fields: DataSet }): OpenRequest;
  /** A response; one to nothing that was asked is dropped. */
  take(message: Message): void;
  /** Nobody answers any more. */
  fail(error: Error): void;
  isWaiting(): boolean;
  /** Changes with each request and response, for the watch over the time that the peer takes. */
  mark(): string;
};

type Waiter = { resolve(result: IteratorResult<Message>): void; reject(error: Error): void };
type Asked = { push(message: Message): void; fail(error: Error): void };

export function openPendingRequests(): PendingRequests {
  const asked = new Map<number, Asked>();
  let lastMessageId = 0;
  let count = 0;
  return {
    open(name, more) {
      lastMessageId = (lastMessageId % 0xffff) + 1;
      count += 1;
      const queue = openQueue();
      asked.set(lastMessageId, queue);
      return { command: requestOf(name, lastMessageId, more), messageId: lastMessageId, responses: queue.responses };
    },
    take(message) {
      const { respondsTo, status } = message.head;
      count += 1;
      const queue = asked.get(respondsTo);
      if (!queue) return message.data?.discard();
      if (!isPending(status)) asked.delete(respondsTo);
      queue.push(message);
    },
    fail(error) {
      for (const { fail } of asked.values()) fail(error);
      asked.clear();
    },
    isWaiting: () => asked.size > 0,
    mark: () => `response ${count}`,
  };
}

/** Responses in their order; ends after the one that is not pending. */
function openQueue(): Asked & { responses: AsyncIterableIterator<Message> } {
  const arrived: Message[] = [];
  let waiter: Waiter | undefined;
  let failure: Error | undefined;
  let ended = false;
  const next = (): Promise<IteratorResult<Message>> => {
    const message = arrived.shift();
    if (message) {
      ended = !isPending(message.head.status);
      return Promise.resolve({ done: false, value: message });
    }
    if (ended) return Promise.resolve({ done: true, value: undefined });
    if (failure) return Promise.reject(failure);
    return new Promise((resolve, reject) => {
      waiter = { resolve, reject };
    });
  };
  const responses: AsyncIterableIterator<Message> = { next, [Symbol.asyncIterator]: () => responses };
  return {
    responses,
    push(message) {
      const present = waiter;
      waiter = undefined;
      if (!present) return void arrived.push(message);
      ended = !isPending(message.head.status);
      present.resolve({ done: false, value: message });
    },
    fail(error) {
      failure = error;
      waiter?.reject(error);
      waiter = undefined;
    },
  };
}
