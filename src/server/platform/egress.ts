import { lookup } from 'node:dns/promises';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { AppError } from './errors.ts';
import { isPublicAddress, openRanges } from './special-addresses.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 10_485_760;
const NAME = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/;

export type Address = { address: string; family: number };
export type EgressRequest = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | ArrayBuffer | URLSearchParams | null;
  signal?: AbortSignal;
  /** From the call to the last byte of the answer. */
  timeoutMs?: number;
  /** Largest answer. */
  maxBytes?: number;
};

/** The one way out: everything that this program fetches by itself goes through here. */
export type Egress = {
  /**
   * Like the web's `fetch`, but to allowed hosts only, at addresses that were checked, without following redirects, within a time and a
   * size. @throws {AppError} `address-refused`, `unavailable`
   */
  fetch(url: string | URL, request?: EgressRequest): Promise<Response>;
  /** Checks an address that somebody enters, without a request. @throws {AppError} `address-refused` */
  check(url: string | URL): void;
};

type Rule = { protocol: string; host: string; port: string };
type Rules = { hosts: Rule[]; ranges: { has(address: string): boolean } };

/**
 * @param allow comma-separated: `idp.example.org` (https), `*.example.org` (its subdomains), `http://llm.local:8080` (in the clear, another
 *   port), and addresses or ranges (`10.1.0.0/16`) that allowed names may lead to although they are not public
 * @param resolve all addresses of a name
 * @throws {RangeError} for an entry that is none of these
 */
export function openEgress({ allow, resolve = resolveName }: { allow: string; resolve?: (name: string) => Promise<Address[]> }): Egress {
  const rules = readRules(allow);
  return {
    check: (url) => {
      requireAllowed(rules, url);
    },
    fetch: async (url, { timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES, ...init } = {}) => {
      const target = requireAllowed(rules, url);
      const deadline = AbortSignal.timeout(timeoutMs);
      const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
      try {
        const addresses = await addressesOf(rules, target, resolve);
        const answer = await send(target, { ...init, signal }, addresses);
        return asResponse(answer, maxBytes);
      } catch (error) {
        init.signal?.throwIfAborted();
        if (error instanceof AppError) throw error;
        const reason = deadline.aborted ? `no answer in ${timeoutMs} ms` : 'no connection';
        throw new AppError('unavailable', `${target.host} could not be reached: ${reason}`, { cause: error });
      }
    },
  };
}

function readRules(allow: string): Rules {
  const hosts: Rule[] = [];
  const ranges: string[] = [];
  for (const entry of allow.split(',').map((text) => text.trim().toLowerCase())) {
    if (entry === '') continue;
    if (isIP(entry.split('/')[0] ?? '') !== 0) {
      ranges.push(entry);
      continue;
    }
    const [, protocol = 'https:', host = '', port = ''] = /^(?:(https?:)\/\/)?(.+?)(?::(\d{1,5}))?$/.exec(entry) ?? [];
    const literal = host.replace(/^\[(.*)\]$/, '$1');
    if (!NAME.test(host) && isIP(literal) === 0) throw new RangeError(`${entry} is no host, no http(s) origin and no address range`);
    // Whoever names an address, or this machine, means it.
    if (isIP(literal) !== 0) ranges.push(literal);
    if (host === 'localhost') ranges.push('127.0.0.0/8', '::1');
    hosts.push({ protocol, host, port: port === defaultPort(protocol) ? '' : port });
  }
  return { hosts, ranges: openRanges(ranges) };
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80';
}

/** The URL, as every part of it is read from here on: the parser has turned all spellings of an address into one. */
function requireAllowed({ hosts, ranges }: Rules, url: string | URL): URL {
  if (!URL.canParse(String(url))) throw new AppError('address-refused', 'This is not an address');
  const target = new URL(url);
  const { protocol, hostname, port, username, password } = target;
  if (username !== '' || password !== '') throw new AppError('address-refused', 'An address with a password in it is not used');
  const named = hosts.some((rule) => rule.protocol === protocol && rule.port === port && hostMatches(rule.host, hostname));
  const literal = (protocol === 'http:' || protocol === 'https:') && ranges.has(literalOf(hostname));
  if (named || literal) return target;
  throw new AppError('address-refused', `${protocol}//${target.host} is not among the hosts of ISOCENTER_EGRESS_ALLOW`);
}

function hostMatches(rule: string, hostname: string): boolean {
  // A final dot says the same name.
  const name = hostname.replace(/\.$/, '');
  return rule.startsWith('*.') ? name.endsWith(rule.slice(1)) && name.length >= rule.length : name === rule;
}

function literalOf(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Every address of the target, each checked: the connection is made to these, and the name is not asked again. */
async function addressesOf({ ranges }: Rules, { hostname }: URL, resolve: (name: string) => Promise<Address[]>): Promise<Address[]> {
  const literal = literalOf(hostname);
  const family = isIP(literal);
  const addresses = family !== 0 ? [{ address: literal, family }] : await resolve(hostname);
  for (const { address } of addresses) {
    if (!isPublicAddress(address) && !ranges.has(address)) {
      throw new AppError(
        'address-refused',
        `${hostname} leads to an address that is not public; ISOCENTER_EGRESS_ALLOW can allow its range`,
      );
    }
  }
  if (addresses.length === 0) throw new Error('The name has no address');
  return addresses;
}

async function resolveName(name: string): Promise<Address[]> {
  return await lookup(name, { all: true, verbatim: true });
}

function send(target: URL, { method, headers, body, signal }: EgressRequest, addresses: Address[]): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_name, { all }, done) => {
    const [first] = addresses;
    if (all) done(null, addresses);
    else done(null, first?.address ?? '', first?.family);
  };
  const content =
    body instanceof URLSearchParams ? body.toString() : body instanceof ArrayBuffer ? new Uint8Array(body) : (body ?? undefined);
  const options = {
    method: method ?? 'GET',
    headers: {
      'user-agent': 'isocenter',
      ...(body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      ...headers,
      // Nothing here unpacks, so that an answer is never larger than what was counted.
      'accept-encoding': 'identity',
      ...(content === undefined ? {} : { 'content-length': String(Buffer.byteLength(content)) }),
    },
    lookup: pinned,
    agent: false,
    ...(signal ? { signal } : {}),
  } as const;
  return new Promise((resolve, reject) => {
    const asked: ClientRequest =
      target.protocol === 'https:' ? requestHttps(target, options, resolve) : requestHttp(target, options, resolve);
    asked.on('error', reject);
    asked.end(content);
  });
}

/** Statuses that have no body (https://fetch.spec.whatwg.org/#null-body-status). */
const WITHOUT_BODY = new Set([101, 204, 205, 304]);

function asResponse(answer: IncomingMessage, maxBytes: number): Response {
  const headers = new Headers();
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2)
    headers.append(answer.rawHeaders[index] ?? '', answer.rawHeaders[index + 1] ?? '');
  const status = answer.statusCode ?? 502;
  if (Number(headers.get('content-length') ?? 0) > maxBytes) {
    answer.destroy();
    throw new AppError('unavailable', `The answer is larger than ${maxBytes} bytes`);
  }
  const isEmpty = WITHOUT_BODY.has(status);
  if (isEmpty) answer.resume();
  const body = isEmpty ? null : (Readable.toWeb(Readable.from(limited(answer, maxBytes))) as ReadableStream<Uint8Array<ArrayBuffer>>);
  return new Response(body, { status, headers });
}

async function* limited(answer: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of answer as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > maxBytes) throw new AppError('unavailable', `The answer is larger than ${maxBytes} bytes`);
    yield piece;
  }
}
