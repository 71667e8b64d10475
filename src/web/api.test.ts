import { describe, expect, it } from 'vitest';
import { getRenderedFrame, listStudies } from '../contract/studies.ts';
import { onSignedOut, problemOf, urlOf } from './api.ts';

describe('the client of the contract', () => {
  it('fills in path parameters and leaves out what is not asked for', () => {
    const params = { sop_instance_uid: '1.2.3' };
    expect(urlOf(getRenderedFrame, { params, query: {} })).toBe('/api/v1/instances/1.2.3/rendered');
    expect(urlOf(getRenderedFrame, { params, query: { window_center: -600, window_width: 1500 } })).toBe(
      '/api/v1/instances/1.2.3/rendered?window_center=-600&window_width=1500',
    );
  });

  it('escapes what a reader types', () => {
    expect(urlOf(listStudies, { query: { q: 'a&limit=500' } })).toBe('/api/v1/studies?q=a%26limit%3D500');
  });

  it('carries title, detail, request id and fields of a problem', () => {
    const body = {
      type: 'urn:isocenter:error:wrong-state',
      title: 'T',
      detail: 'D',
      request_id: 'R',
      errors: [{ field: 'f', message: 'm' }],
    };
    expect(problemOf(409, JSON.stringify(body))).toMatchObject({
      kind: 'wrong-state',
      status: 409,
      title: 'T',
      detail: 'D',
      requestId: 'R',
      fields: [{ field: 'f', message: 'm' }],
    });
  });

  it('names the status when the answer is no problem document, as from a proxy', () => {
    expect(problemOf(502, '<html>')).toMatchObject({ status: 502, title: 'The server answered with status 502' });
  });

  it('leads to the sign-in when the session is gone, but not when a password was wrong', () => {
    let signedOut = 0;
    onSignedOut(() => {
      signedOut += 1;
    });
    problemOf(401, JSON.stringify({ type: 'urn:isocenter:error:wrong-credentials' }));
    expect(signedOut).toBe(0);
    problemOf(401, JSON.stringify({ type: 'urn:isocenter:error:unauthenticated' }));
    expect(signedOut).toBe(1);
  });
});
