import { Writable } from 'node:stream';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { loggerOptions } from './log.ts';

function openLog() {
  let text = '';
  const stream = new Writable({
    write: (line: Buffer, _encoding, done) => {
      text += line.toString();
      done();
    },
  });
  const logger = loggerOptions('trace');
  const http = Fastify({ logger: typeof logger === 'object' ? { ...logger, stream } : false });
  return { http, text: () => text };
}

it('an error is logged by where it happened, never by what it says', () => {
  const { http, text } = openLog();
  const cause = Object.assign(new Error('Zebrafinch is a duplicate'), { code: 'SQLITE_CONSTRAINT' });
  http.log.error({ err: new TypeError('cannot read Zebrafinch of undefined', { cause }) }, 'request failed');
  http.log.error(Object.assign(new Error('Zebrafinch'), { code: 'E_TEST' }));
  http.log.error({ err: 'Zebrafinch' }, 'thrown text');
  const [first, second, third] = text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first.err).toMatchObject({ type: 'TypeError', cause: 'Error SQLITE_CONSTRAINT', stack: expect.stringContaining('log.test.ts') });
  expect(second.err).toMatchObject({ type: 'Error', code: 'E_TEST' });
  expect(third.msg).toBe('thrown text');
  expect(text()).not.toContain('Zebrafinch is');
  expect(JSON.stringify([first, third])).not.toContain('Zebrafinch');
});

it('UIDs are cut out wherever they stand, and nothing that only looks a little like one', () => {
  const { http, text } = openLog();
  http.log.info(
    { reason: 'Instance 1.2.840.113619.2.55.3.604688 is held', list: ['2.25.329800735698586629295641978511506172918'] },
    '1.2.3.4.5.6.7',
  );
  http.log.info({ address: '192.168.17.254', version: '10.4.0', seconds: 1.25 }, 'kept');
  const [first, second] = text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first).toMatchObject({ reason: 'Instance [uid] is held', list: ['[uid]'], msg: '[uid]' });
  expect(second).toMatchObject({ address: '192.168.17.254', version: '10.4.0', seconds: 1.25 });
});
