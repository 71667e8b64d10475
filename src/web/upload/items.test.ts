import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../api.ts';
import { applyProblem, applyResult, nextGroup, shareProgress, TOGETHER_MAX_BYTES, type UploadItem, type UploadState } from './items.ts';

describe('the grouping of an upload', () => {
  it('sends small DICOM files together and stops before 64 MB', () => {
    const items = [item('a/1', 30_000_000), item('a/2', 30_000_000), item('a/3', 30_000_000)];
    expect(namesOf(nextGroup(items))).toEqual(['a/1', 'a/2']);
  });

  it('sends a file above 64 MB alone by the resumable protocol', () => {
    const group = nextGroup([item('ct.zip', TOGETHER_MAX_BYTES + 1), item('a/1', 1)]);
    expect(group?.door).toBe('resumable');
    expect(namesOf(group)).toEqual(['ct.zip']);
  });

  it('sends an archive alone, so that what was inside is told apart', () => {
    expect(namesOf(nextGroup([item('one.zip', 10), item('a/1', 10)]))).toEqual(['one.zip']);
    expect(namesOf(nextGroup([item('a/1', 10), item('one.zip', 10)]))).toEqual(['a/1']);
  });

  it('sends pictures through the door that takes what the reader said about them', () => {
    const group = nextGroup([item('film.JPEG', 10), item('a/1', 10)]);
    expect(group?.door).toBe('images');
    expect(namesOf(group)).toEqual(['film.JPEG']);
  });

  it('never sends two files of the same name in one request, because the answer tells them apart by name', () => {
    expect(namesOf(nextGroup([item('a/1', 10), item('a/2', 10), item('b/1', 10)]))).toEqual(['a/1', 'a/2']);
  });

  it('gives nothing when nothing waits', () => {
    expect(nextGroup([item('a/1', 10, 'stored'), item('a/2', 10, 'paused')])).toBeUndefined();
  });
});

describe('what became of the files', () => {
  it('finds each line by name, in whatever order the server answers', () => {
    const items = [item('a/1', 10), item('a/2', 10), item('a/3', 10)];
    const after = applyResult(items, {
      stored: 1,
      already_held: 1,
      refused: 1,
      items: [
        { file: '3', status: 'refused', error: 'invalid-dicom', reason: 'cut off' },
        { file: '1', status: 'stored', study_instance_uid: '1.2' },
        { file: '2', status: 'already_held' },
      ],
    });
    expect(after.map(({ state }) => state)).toEqual(['stored', 'already_held', 'refused']);
    expect(after[2]?.reason).toBe('cut off');
  });

  it('counts an archive as stored when something in it was, and keeps the refusals', () => {
    const [after] = applyResult([item('one.zip', 10)], {
      stored: 1,
      already_held: 0,
      refused: 1,
      items: [
        { file: 'one.zip/a', status: 'stored' },
        { file: 'one.zip/b', status: 'refused', reason: 'empty' },
      ],
    });
    expect(after?.state).toBe('stored');
    expect(after?.result?.refused).toBe(1);
  });

  it('says that a file which the server does not mention was refused, not stored', () => {
    const [first] = applyResult([item('a/1', 10), item('a/2', 10)], { stored: 0, already_held: 0, refused: 0, items: [] });
    expect(first?.state).toBe('refused');
  });

  it('takes a refused request as the refusal of its files, each with its own reason', () => {
    const problem = new ApiProblem({
      status: 400,
      title: 'None',
      detail: 'd',
      request_id: 'r',
      errors: [{ field: '1', message: 'empty' }],
    });
    const after = applyProblem([item('a/1', 10), item('a/2', 10)], problem);
    expect(after.map(({ state, reason }) => [state, reason])).toEqual([
      ['refused', 'empty'],
      ['refused', 'None. d'],
    ]);
    expect(after[0]?.requestId).toBe('r');
  });

  it.each([0, 401, 429, 503])('lets a request be sent again that failed with status %i', (status) => {
    expect(applyProblem([item('a/1', 10)], new ApiProblem({ status }))[0]?.state).toBe('failed');
  });

  it('shares the bytes of a request among its files in order', () => {
    const after = shareProgress([item('a/1', 100), item('a/2', 100), item('a/3', 100)], 150);
    expect(after.map(({ sentBytes }) => sentBytes)).toEqual([100, 50, 0]);
    expect(after.map(({ state }) => state)).toEqual(['checking', 'sending', 'sending']);
  });
});

function item(name: string, size: number, state: UploadState = 'waiting'): UploadItem {
  const file = Object.defineProperty(new File([], name), 'size', { value: size });
  return { id: name, file, name, state, sentBytes: 0, result: null, reason: null, requestId: null };
}

function namesOf(group: ReturnType<typeof nextGroup>): string[] | undefined {
  return group?.items.map(({ name }) => name);
}
