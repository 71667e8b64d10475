import type { DataSet } from '../../dicom/data-set.ts';
import { type DataStream, openDataStream } from '../platform/data-stream.ts';
import { type CommandHead, parseCommand, readCommandHead } from './message.ts';
import { PduError } from './pdu.ts';
import type { Fragment } from './pdu-decoder.ts';

/** Commands are short: the longest has a few UIDs and a comment. */
const MAX_COMMAND_BYTES = 16_384;
/** A command comes in one piece or two; one cut into crumbs is an attack. */
const MAX_COMMAND_PIECES = 1024;

/** A message as it arrives: its data set follows while it is handled. */
export type Message = { contextId: number; head: CommandHead; command: DataSet; data: DataStream | undefined };

/** Puts fragments together to messages. */
export type MessageReader = {
  /** @throws {PduError} */
  take(fragment: Fragment): void;
  /** Bytes of the data set on its way that nobody has read yet; undefined between messages. */
  waiting(): number | undefined;
  /** Whether more of a message must come. */
  isMidMessage(): boolean;
  /** Nothing more comes. */
  fail(error: Error): void;
};

type Gathered = { contextId: number; bytes: Uint8Array[]; size: number };

/** @param options.onTaken told after each piece of a data set that its reader took */
export function openMessageReader(options: {
  isContext: (id: number) => boolean;
  onMessage: (message: Message) => void;
  onTaken: () => void;
}): MessageReader {
  let command: Gathered | undefined;
  let incoming: { contextId: number; data: DataStream } | undefined;

  const takeData = (data: DataStream, { isLast, bytes }: Fragment): void => {
    if (isLast) incoming = undefined;
    data.push(bytes);
    if (isLast) data.end();
  };
  const deliver = (contextId: number, bytes: Uint8Array): void => {
    const parsed = parseCommand(bytes);
    const head = readCommandHead(parsed);
    const data = head.hasData ? openDataStream(options.onTaken) : undefined;
    if (data) incoming = { contextId, data };
    options.onMessage({ contextId, head, command: parsed, data });
  };
  return {
    take(fragment) {
      const { contextId, isCommand, isLast, bytes } = fragment;
      if (!options.isContext(contextId)) throw new PduError('A message comes in a context that was not accepted');
      const present = incoming ?? command;
      if (present && (contextId !== present.contextId || isCommand === (incoming !== undefined)))
        throw new PduError('A message is broken off by another', 'unexpected-pdu');
      if (incoming) return takeData(incoming.data, fragment);
      if (!isCommand) throw new PduError('A data set comes without its command', 'unexpected-pdu');
      command ??= { contextId, bytes: [], size: 0 };
      command.size += bytes.length;
      command.bytes.push(bytes);
      if (command.size > MAX_COMMAND_BYTES || command.bytes.length > MAX_COMMAND_PIECES) throw new PduError('A command set is too long');
      if (!isLast) return;
      const whole = Buffer.concat(command.bytes);
      command = undefined;
      deliver(contextId, whole);
    },
    waiting: () => incoming?.data.waiting(),
    isMidMessage: () => incoming !== undefined || command !== undefined,
    fail(error) {
      incoming?.data.fail(error);
      incoming = undefined;
      command = undefined;
    },
  };
}
