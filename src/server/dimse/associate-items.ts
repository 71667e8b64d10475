/** The one application context of DICOM (PS3.7 annex A). */
export const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';
/** Most presentation contexts: identifiers are the odd numbers of one byte (PS3.8 9.3.2.2). */
export const MAX_CONTEXTS = 128;
/** More transfer syntaxes for one context than the standard defines say nothing. */
const MAX_TRANSFER_SYNTAXES = 128;
const FIXED_BYTES = 68;
const AE_BYTES = 16;

const ITEM = {
  applicationContext: 0x10,
  proposedContext: 0x20,
  answeredContext: 0x21,
  abstractSyntax: 0x30,
  transferSyntax: 0x40,
  userInformation: 0x50,
  maxLength: 0x51,
  implementationClassUid: 0x52,
  asynchronousOperations: 0x53,
  role: 0x54,
  implementationVersionName: 0x55,
  extendedNegotiation: 0x56,
} as const;

export type ProposedContext = { id: number; abstractSyntax: string; transferSyntaxes: string[] };
/** `result`: 0 accepted, 3 abstract syntax not supported, 4 transfer syntaxes not supported (PS3.8 table 9-18). */
export type AnsweredContext = { id: number; result: number; transferSyntax: string };
/** Which parts a side may play for a SOP class (PS3.7 D.3.3.4). */
export type Role = { sopClassUid: string; scu: boolean; scp: boolean };
/** What is asked or done of a SOP class beyond its baseline (PS3.7 D.3.3.5); the service says what the bytes mean. */
export type ExtendedNegotiation = { sopClassUid: string; information: Uint8Array };
export type UserInformation = {
  /** Longest P-DATA-TF that the sender takes, in bytes without the header; 0 for no limit. */
  maxPduLength: number;
  implementationClassUid: string;
  implementationVersionName: string;
  /** Operations under way at a time (PS3.7 D.3.3.3); 0 for no limit. One each unless negotiated. */
  asynchronousOperations?: { invoked: number; performed: number };
  roles: Role[];
  extended?: ExtendedNegotiation[];
};
type Common = { protocolVersion: number; calledAe: string; callingAe: string; applicationContext: string; user: UserInformation };
export type AssociateRequest = Common & { contexts: ProposedContext[] };
export type AssociateAccept = Common & { contexts: AnsweredContext[] };
type Associate = { request: AssociateRequest; accept: AssociateAccept };

export function writeAssociate(pdu: ({ kind: 'request' } & AssociateRequest) | ({ kind: 'accept' } & AssociateAccept)): Uint8Array {
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.writeUInt16BE(pdu.protocolVersion, 0);
  fixed.write(pdu.calledAe.slice(0, AE_BYTES).padEnd(AE_BYTES), 4, 'latin1');
  fixed.write(pdu.callingAe.slice(0, AE_BYTES).padEnd(AE_BYTES), 20, 'latin1');
  const contexts = pdu.kind === 'request' ? pdu.contexts.map(writeProposed) : pdu.contexts.map(writeAnswered);
  return Buffer.concat([fixed, text(ITEM.applicationContext, pdu.applicationContext), ...contexts, writeUser(pdu.user)]);
}

/** Reads the body of an A-ASSOCIATE-RQ or -AC (PS3.8 9.3.2, 9.3.3); a text says what is wrong with it. Unknown items are passed over. */
export function readAssociate<K extends 'request' | 'accept'>(body: Uint8Array, kind: K): Associate[K] | string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes.length < FIXED_BYTES) return 'An association PDU is too short';
  const items = readItems(bytes.subarray(FIXED_BYTES));
  if (!items) return 'An item of an association PDU is longer than the PDU';
  const proposed: ProposedContext[] = [];
  const answered: AnsweredContext[] = [];
  let applicationContext = '';
  let user: UserInformation | undefined = noUser();
  for (const { type, value } of items) {
    if (type === ITEM.applicationContext) applicationContext = uidText(value);
    else if (type === ITEM.userInformation) user = readUser(value);
    else if (type === ITEM.proposedContext && kind === 'request') pushUnless(proposed, readProposed(value));
    else if (type === ITEM.answeredContext && kind === 'accept') pushUnless(answered, readAnswered(value));
  }
  if (!user) return 'The user information of an association PDU is damaged';
  const contexts = kind === 'request' ? proposed : answered;
  if (contexts.length > MAX_CONTEXTS) return 'An association PDU has too many presentation contexts';
  if (contexts.some(({ id }) => id % 2 === 0) || new Set(contexts.map(({ id }) => id)).size < contexts.length)
    return 'An association PDU has a wrong or repeated presentation context identifier';
  const common: Common = {
    protocolVersion: bytes.readUInt16BE(0),
    calledAe: bytes.toString('latin1', 4, 20).trim(),
    callingAe: bytes.toString('latin1', 20, 36).trim(),
    applicationContext,
    user,
  };
  // Contexts were read as the kind asks.
  return { ...common, contexts } as Associate[K];
}

type Item = { type: number; value: Buffer };

/** Items of type, reserved byte, length and value; undefined if one runs past the end. */
function readItems(bytes: Buffer): Item[] | undefined {
  const items: Item[] = [];
  let position = 0;
  while (position < bytes.length) {
    if (position + 4 > bytes.length) return undefined;
    const end = position + 4 + bytes.readUInt16BE(position + 2);
    if (end > bytes.length) return undefined;
    items.push({ type: bytes[position] ?? 0, value: bytes.subarray(position + 4, end) });
    position = end;
  }
  return items;
}

/** A damaged context has no identifier to answer under; it counts as one with an identifier that nothing may have. */
function pushUnless<T extends { id: number }>(list: T[], context: T): void {
  list.push(context);
}

function readProposed(value: Buffer): ProposedContext {
  const items = value.length < 4 ? undefined : readItems(value.subarray(4));
  if (!items) return { id: 0, abstractSyntax: '', transferSyntaxes: [] };
  const abstractSyntax = items.find(({ type }) => type === ITEM.abstractSyntax);
  const transferSyntaxes = items.filter(({ type }) => type === ITEM.transferSyntax).slice(0, MAX_TRANSFER_SYNTAXES);
  return {
    id: value[0] ?? 0,
    abstractSyntax: abstractSyntax ? uidText(abstractSyntax.value) : '',
    transferSyntaxes: transferSyntaxes.map((item) => uidText(item.value)),
  };
}

function readAnswered(value: Buffer): AnsweredContext {
  const items = value.length < 4 ? undefined : readItems(value.subarray(4));
  if (!items) return { id: 0, result: 1, transferSyntax: '' };
  const transferSyntax = items.find(({ type }) => type === ITEM.transferSyntax);
  return { id: value[0] ?? 0, result: value[2] ?? 1, transferSyntax: transferSyntax ? uidText(transferSyntax.value) : '' };
}

function noUser(): UserInformation {
  return { maxPduLength: 0, implementationClassUid: '', implementationVersionName: '', roles: [] };
}

function readUser(value: Buffer): UserInformation | undefined {
  const items = readItems(value);
  if (!items) return undefined;
  const user = noUser();
  for (const { type, value: inner } of items) {
    if (type === ITEM.maxLength && inner.length === 4) user.maxPduLength = inner.readUInt32BE(0);
    else if (type === ITEM.implementationClassUid) user.implementationClassUid = uidText(inner);
    else if (type === ITEM.implementationVersionName) user.implementationVersionName = inner.toString('latin1').trim();
    else if (type === ITEM.asynchronousOperations && inner.length === 4)
      user.asynchronousOperations = { invoked: inner.readUInt16BE(0), performed: inner.readUInt16BE(2) };
    else if (type === ITEM.role) {
      const role = readRole(inner);
      if (!role) return undefined;
      user.roles.push(role);
    } else if (type === ITEM.extendedNegotiation) {
      const extended = readExtended(inner);
      if (!extended) return undefined;
      user.extended = [...(user.extended ?? []), extended];
    }
  }
  return user;
}

function readRole(value: Buffer): Role | undefined {
  const length = value.length < 4 ? Number.NaN : value.readUInt16BE(0);
  if (value.length !== length + 4) return undefined;
  return { sopClassUid: uidText(value.subarray(2, 2 + length)), scu: value[2 + length] === 1, scp: value[3 + length] === 1 };
}

function readExtended(value: Buffer): ExtendedNegotiation | undefined {
  const end = 2 + (value.length < 2 ? Number.NaN : value.readUInt16BE(0));
  return end <= value.length ? { sopClassUid: uidText(value.subarray(2, end)), information: value.subarray(end) } : undefined;
}

function writeProposed({ id, abstractSyntax, transferSyntaxes }: ProposedContext): Buffer {
  const syntaxes = transferSyntaxes.map((uid) => text(ITEM.transferSyntax, uid));
  return item(ITEM.proposedContext, Buffer.concat([Buffer.of(id, 0, 0, 0), text(ITEM.abstractSyntax, abstractSyntax), ...syntaxes]));
}

function writeAnswered({ id, result, transferSyntax }: AnsweredContext): Buffer {
  return item(ITEM.answeredContext, Buffer.concat([Buffer.of(id, 0, result, 0), text(ITEM.transferSyntax, transferSyntax)]));
}

function writeUser(user: UserInformation): Buffer {
  const maxLength = Buffer.alloc(4);
  maxLength.writeUInt32BE(user.maxPduLength, 0);
  const parts = [item(ITEM.maxLength, maxLength), text(ITEM.implementationClassUid, user.implementationClassUid)];
  if (user.asynchronousOperations) {
    const window = Buffer.alloc(4);
    window.writeUInt16BE(user.asynchronousOperations.invoked, 0);
    window.writeUInt16BE(user.asynchronousOperations.performed, 2);
    parts.push(item(ITEM.asynchronousOperations, window));
  }
  for (const { sopClassUid, scu, scp } of user.roles) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(sopClassUid.length, 0);
    parts.push(item(ITEM.role, Buffer.concat([length, Buffer.from(sopClassUid, 'latin1'), Buffer.of(scu ? 1 : 0, scp ? 1 : 0)])));
  }
  for (const { sopClassUid, information } of user.extended ?? []) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(sopClassUid.length, 0);
    parts.push(item(ITEM.extendedNegotiation, Buffer.concat([length, Buffer.from(sopClassUid, 'latin1'), information])));
  }
  parts.push(text(ITEM.implementationVersionName, user.implementationVersionName));
  return item(ITEM.userInformation, Buffer.concat(parts));
}

function text(type: number, value: string): Buffer {
  return item(type, Buffer.from(value, 'latin1'));
}

function item(type: number, value: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header[0] = type;
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value]);
}

/** UIDs stand without padding (PS3.8 annex F), but some writers pad. */
function uidText(value: Buffer): string {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0 || value[end - 1] === 0x20)) end -= 1;
  return value.toString('latin1', 0, end);
}
